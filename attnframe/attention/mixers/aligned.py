"""Rows of keys counted from their first real token, for mixers that cut them into blocks."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.mixers.shortcut import valid_keys
from attnframe.masks import Causal, Padding, Places, terms


@dataclass(frozen=True)
class Aligned:
    """The keys of a call by place.

    place(position) = position - first

    So padding on the left changes no block, and a cache that keeps every key gives the blocks of the whole row.

    Args:
        first: (B or 1, 1) position of the first real token of each row; None for 0 in all of them.
        real: (B or 1, S) True for the places of real keys.
        whole: whether all of them are real.
        start: position of query row 0.
    """

    first: Tensor | None
    real: Tensor
    whole: bool
    start: int

    @classmethod
    def of(cls, call: Call) -> Aligned:
        """The keys of a call that keeps all of them."""
        extent = call.extent
        first, valid = Places(call.mask, extent).first, valid_keys(call)
        if valid is None:
            real = torch.ones(1, extent.keys, dtype=torch.bool, device=extent.device)
        else:
            real = valid.expand(-1, extent.keys)
        if first is not None:
            index = _places(extent.keys, first)
            real = real.gather(1, index.clamp(max=extent.keys - 1)) & (index < extent.keys)
        return cls(first, real, valid is None, extent.start)

    def forth(self, x: Tensor) -> Tensor:
        """x (B, K, S, E), in the order of places, and 0 where no real key stands."""
        if self.first is not None:
            index = _places(x.shape[2], self.first).clamp(max=x.shape[2] - 1)
            x = x.gather(2, index[:, None, :, None].expand(len(x), x.shape[1], -1, x.shape[3]))
        return x if self.whole else x.masked_fill(~self.real[:, None, :, None], 0.0)

    def back(self, x: Tensor) -> Tensor:
        """x (B, H, T, S) with its last axis, in the order of places, in that of positions; 0 where no key has one."""
        if self.first is None:
            return x
        place = torch.arange(x.shape[3], device=x.device) - self.first
        moved = x.gather(3, place.clamp(min=0)[:, None, None, :].expand_as(x))
        return moved.masked_fill((place < 0)[:, None, None, :], 0.0)

    def queries(self, rows: range) -> Tensor:
        """Places (B or 1, T) of the queries of some rows; negative before the first real token."""
        place = torch.arange(self.start + rows.start, self.start + rows.stop, device=self.real.device).unsqueeze(0)
        return place if self.first is None else place - self.first


def check_blocks(mixer: Mixer, call: Call, works: str) -> None:
    """Hold a call against what mixers that see blocks of tokens as wholes can serve.

    Raises:
        UnsupportedError: for another mask than causal and padding, and between two sequences.
    """
    hard = (type(term).__name__ for term in terms(call.mask) if not isinstance(term, Causal | Padding))
    other = dict.fromkeys(hard)
    if other:
        raise mixer.refusal(f"sees blocks of keys as wholes, so it serves no {' or '.join(other)} mask", works)
    if call.cross:
        raise mixer.refusal("has no meaning between two sequences, whose positions are not comparable", works)


def _places(length: int, first: Tensor) -> Tensor:
    """(B, S) position of each place, beyond the sequence where there is none."""
    return torch.arange(length, device=first.device) + first
