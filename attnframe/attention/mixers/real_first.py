"""Rows of tokens with their padding moved to the end."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from attnframe.attention.mixer import Call
from attnframe.attention.mixers.shortcut import valid_keys


@dataclass(frozen=True)
class Moved:
    """Where padding went. None everywhere stands for a call without padding, whose tokens stay.

    Args:
        index: (B, S) the token that went to each place. place: (B, S) the place that each token went to.
        real: (B, S) True for the places of real tokens, the first ones. lengths: (B,) how many they are.
    """

    index: Tensor | None = None
    place: Tensor | None = None
    real: Tensor | None = None
    lengths: Tensor | None = None

    def forth(self, x: Tensor) -> Tensor:
        """x (B, H, S, E) with the real tokens first, in their order."""
        return x if self.index is None else _taken(x, self.index)

    def back(self, x: Tensor) -> Tensor:
        """x (B, H, S, E) with the tokens where they were."""
        return x if self.place is None else _taken(x, self.place)


def real_first(call: Call) -> Moved:
    """How the keys of a call are moved so that each row begins with its real ones."""
    valid = valid_keys(call)
    if valid is None:
        return Moved()
    valid = valid.expand(call.extent.batch, call.extent.keys)
    index = torch.argsort((~valid).to(torch.uint8), dim=-1, stable=True)
    return Moved(index, index.argsort(dim=-1), valid.gather(1, index), valid.sum(dim=-1))


def _taken(x: Tensor, index: Tensor) -> Tensor:
    return x.gather(2, index[:, None, :, None].expand(-1, x.shape[1], -1, x.shape[3]))
