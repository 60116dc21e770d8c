"""A mask written out as a tensor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.masks.base import Extent, Indices, Mask
from attnframe.masks.shapes import look_up, misfits, require

_AXES_OF_RANK = {2: "TS", 4: "BHTS"}


@dataclass(frozen=True, eq=False, repr=False)
class Dense(Mask):
    """A query may attend a key where a tensor holds True.

    allowed(b, h, q, k) = tensor[b, h, q, position(k)]

    Args:
        tensor: bool; an axis of size 1 is broadcast.
        axes: names of its axes, a selection of B (batch), H (head), T (query row), S (key) in this order. None means
            ``TS`` for rank 2 and ``BHTS`` for rank 4; any other rank needs its axes named, since (B, T, S) and (H, T,
            S) cannot be told apart.

    Raises:
        ConfigurationError: when `tensor` is not bool or `axes` are missing or wrong.
    """

    tensor: Tensor
    axes: str | None = None

    def __post_init__(self) -> None:
        axes = self.axes if self.axes is not None else _AXES_OF_RANK.get(self.tensor.dim())
        if axes is None:
            works = 'Use axes="BTS" or axes="HTS".' if self.tensor.dim() == 3 else ""
            must = f"must name the axes of a tensor of rank {self.tensor.dim()}"
            raise ConfigurationError(Fault("Dense.axes", must, "None", works))
        if not axes or axes != "".join(axis for axis in "BHTS" if axis in axes):
            must = "must be a selection of B, H, T, S in this order"
            raise ConfigurationError(Fault("Dense.axes", must, repr(axes), 'For example "BTS".'))
        require("Dense.tensor", self.tensor, axes=axes)
        object.__setattr__(self, "axes", axes)

    def allows(self, at: Indices) -> Tensor:
        index = {"B": at.batch, "H": at.head, "T": at.query, "S": at.key_position}
        return look_up(self.tensor, *(index[axis] for axis in self.axes or ""))

    def faults(self, extent: Extent) -> Iterable[Fault]:
        return misfits("Dense.tensor", self.tensor, self.axes or "", extent)
