"""Checks that masks which hold tensors share."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.masks.base import Extent


def require(where: str, tensor: Tensor, *, axes: str, integer: bool = False) -> None:
    """Hold the type and rank of a mask's tensor when the mask is made.

    Args:
        where: the argument, e.g. ``Padding.valid``.
        tensor: what was given.
        axes: names of the axes wanted, one letter each.
        integer: whether integers are wanted; else bool.

    Raises:
        ConfigurationError: when type or rank is another.
    """
    kind = "integer" if integer else "bool"
    must = f"must be {'an' if integer else 'a'} {kind} tensor of shape ({', '.join(axes)})"
    if not isinstance(tensor, Tensor):
        raise ConfigurationError(Fault(where, must, type(tensor).__name__))
    whole = not (tensor.is_floating_point() or tensor.is_complex() or tensor.dtype is torch.bool)
    right = whole if integer else tensor.dtype is torch.bool
    if not right or tensor.dim() != len(axes):
        shown = f"{str(tensor.dtype).removeprefix('torch.')} of shape {tuple(tensor.shape)}"
        raise ConfigurationError(Fault(where, must, shown))


def misfits(where: str, tensor: Tensor, axes: str, extent: Extent) -> Iterable[Fault]:
    """Why a tensor with named axes does not fit an extent; an axis of size 1 fits any size.

    With explicit key positions the S axis is indexed by position, so its size is not tied to the number of keys.
    """
    sizes = {"B": extent.batch, "H": extent.heads, "T": extent.queries, "S": extent.keys}
    free = {"S"} if extent.key_positions is not None else set()
    wrong = any(size not in (1, sizes[axis]) for axis, size in zip(axes, tensor.shape, strict=True) if axis not in free)
    if wrong:
        wanted = ", ".join(f"{axis}={sizes[axis]}" for axis in axes)
        yield Fault(where, f"must have shape ({wanted}), where an axis may also be 1", str(tuple(tensor.shape)))
    if tensor.device.type != torch.device(extent.device).type:
        yield Fault(
            where, f"must be on {extent.device}, as the queries are", str(tensor.device), "Use mask.to(device)."
        )


def look_up(tensor: Tensor, *indices: Tensor) -> Tensor:
    """Elements of a tensor at broadcastable indices, one index tensor an axis; an axis of size 1 is broadcast."""
    return tensor[
        tuple(index if size > 1 else torch.zeros_like(index) for index, size in zip(indices, tensor.shape, strict=True))
    ]
