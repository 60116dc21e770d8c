"""Lowered forms of the last few masks, so that the layers of a model and the steps of a training share them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, TypeVar

import torch
from torch import Tensor

from attnframe.masks.base import Extent, Mask

T = TypeVar("T")
KEPT = 8
"""Forms of one kind that are held."""


def kept(make: Callable[[Mask, Extent], T]) -> Callable[[Mask, Extent], T]:
    """`make`, which then works out the form of a mask once while its tensors stay the same and unchanged.

    Nothing is kept while a graph is traced, for key positions (which change with every call), for tensors that count
    no changes and in inference mode, whose tensors no gradient can use afterwards.
    """

    @lru_cache(maxsize=KEPT)
    def remembered(mask: Mask, extent: Extent, versions: tuple[int, ...]) -> T:
        return make(mask, extent)

    def lowered(mask: Mask, extent: Extent) -> T:
        untold = torch.compiler.is_compiling() or torch.is_inference_mode_enabled()
        if untold or extent.key_positions is not None:
            return make(mask, extent)
        tensors = list(_tensors(mask))
        if any(tensor.is_inference() for tensor in tensors):
            return make(mask, extent)
        versions = tuple(tensor._version for tensor in tensors)
        return remembered(mask, replace(extent, query_start=extent.start), versions)

    return lowered


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, Mask):
        for field in fields(value):
            yield from _tensors(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _tensors(item)
