"""Where tokens stand among the real ones of their own row or document, for masks that count from the first of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TypeVar

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.masks.base import Extent, Mask
from attnframe.masks.reach import Reach
from attnframe.masks.shapes import look_up

P = TypeVar("P", bound="Placed")


@dataclass(frozen=True, eq=False, repr=False)
class Placed(Mask, ABC):
    """Base of masks that count tokens from the first real one of their row or document.

    place(position) = position - first

    So padding on the left and documents packed into one row change no pattern. `Attention` and `lower` fill in where
    that is (`settle`); a mask that was not settled counts from position 0.

    Args:
        first: (B or 1, S or 1) position of the first real token of the document at each position; None for 0.
        count: (B or 1, S or 1) tokens from the first to the last real one, or one number; None when not known.
    """

    first: Tensor | None = field(default=None, kw_only=True, repr=False)
    count: Tensor | int | None = field(default=None, kw_only=True, repr=False)

    def settled(self: P, places: Places) -> P:
        return replace(self, first=places.first, count=places.count)

    def reach(self, causal: bool = False, head: int = 0) -> Reach | None:
        """What `tile_reach` says, where places of a row are counted from one token."""
        return self.tile_reach(causal) if self.first is None or self.first.shape[1] == 1 else None

    @abstractmethod
    def tile_reach(self, causal: bool) -> Reach:
        """Which keys the queries of one tile see at most.

        Args:
            causal: whether keys after the query are hidden by another part of the mask.
        """

    def place(self, batch: Tensor, position: Tensor) -> Tensor:
        """Place of the tokens at `position`; negative before the first real token."""
        return position if self.first is None else position - _at(self.first, batch, position)

    def tokens(self, batch: Tensor, position: Tensor) -> Tensor | int:
        """Tokens of the document at `position`.

        Raises:
            ConfigurationError: when that is not known.
        """
        if self.count is None:
            must = "must be known to count from the last token"
            works = "Hand the mask to Attention or masks.lower, or give count."
            raise ConfigurationError(Fault(f"{type(self).__name__}.count", must, "None", works))
        return self.count if isinstance(self.count, int) else _at(self.count, batch, position)


class Places:
    """First real token and number of tokens of each row or document, worked out when a mask asks.

    Args:
        mask: the whole mask of a call; its `Padding` terms say which tokens are real, its `Documents` terms which
            belong together. Every stretch of equal ids counts as a document.
        extent: sizes and positions of the call.
    """

    def __init__(self, mask: Mask, extent: Extent) -> None:
        self._mask, self._extent = mask, extent
        self._known: tuple[Tensor | None, Tensor | int] | None = None  # `cached_property` locks, which no graph traces.

    @property
    def first(self) -> Tensor | None:
        return self._found[0]

    @property
    def count(self) -> Tensor | int:
        return self._found[1]

    @property
    def _found(self) -> tuple[Tensor | None, Tensor | int]:
        if self._known is None:
            self._known = self._find()
        return self._known

    def _find(self) -> tuple[Tensor | None, Tensor | int]:
        from attnframe.masks.algebra import key_padding, terms
        from attnframe.masks.documents import Documents

        extent = self._extent
        length = extent.keys if extent.key_positions is None else extent.start + extent.queries
        padding = key_padding(self._mask)
        valid = None if padding is None or padding.valid.shape[1] == 1 else padding.valid
        kept = [term for term in terms(self._mask) if isinstance(term, Documents)]
        ids = [term.query_ids if term.key_ids is None else term.key_ids for term in kept]
        ids = [one for one in ids if one.shape[1] != 1]
        if not ids:
            return (None, length) if valid is None else _of_rows(valid)
        starts = reduce(torch.logical_or, [one[:, 1:] != one[:, :-1] for one in ids])
        stretch = torch.cat([torch.zeros_like(starts[:, :1]), starts], dim=1).long().cumsum(dim=1)
        return _of_stretches(stretch, valid)


def _at(table: Tensor, batch: Tensor, position: Tensor) -> Tensor:
    """What a table (B or 1, S or 1) says of each position. Of more queries than keys the first stand before position 0,
    where no token is; they count as those at 0.
    """
    return look_up(table, batch, position.clamp(min=0))


def settle(mask: Mask, extent: Extent) -> Mask:
    """`mask` with its `Placed` parts counting from the first real token of each row or document."""
    return mask.settled(Places(mask, extent))


def _of_rows(valid: Tensor) -> tuple[Tensor, Tensor]:
    """First and count, both (B, 1), of rows that are real where `valid` (B, S) is True."""
    marks = valid.long()
    first = marks.argmax(dim=1, keepdim=True)
    last = valid.shape[1] - 1 - marks.flip(1).argmax(dim=1, keepdim=True)
    return first, (last + 1 - first) * valid.any(dim=1, keepdim=True)


def _of_stretches(stretch: Tensor, valid: Tensor | None) -> tuple[Tensor, Tensor]:
    """First and count, both (B, S), of stretches numbered by `stretch` (B, S)."""
    if valid is not None:
        rows = max(stretch.shape[0], valid.shape[0])
        stretch, valid = stretch.expand(rows, -1), valid.expand(rows, -1)
    length = stretch.shape[1]
    position = torch.arange(length, device=stretch.device).expand_as(stretch)
    low, high = position, position
    if valid is not None:
        low, high = position.masked_fill(~valid, length), position.masked_fill(~valid, -1)
    first = torch.full_like(position, length).scatter_reduce(1, stretch, low, "amin")
    last = torch.full_like(position, -1).scatter_reduce(1, stretch, high, "amax")
    return first.gather(1, stretch), (last - first + 1).clamp(min=0).gather(1, stretch)
