"""The position contract: the ways in which a position enters attention.

Positions are explicit integer (or real) tensors of shape (B or 1, T), or (B or 1, T, C) where a position has C
coordinates (row and column, features of a node), so cached decoding, packing, padding, grids and graphs share code.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn


class Position(nn.Module):
    """Base of all position modules."""


class NoPosition(Position):
    """No position: attention sees a set (or, when causal, a nested family of sets). No paper: the control."""


class InputPosition(Position, ABC):
    """A position that is added to the input of a model."""

    @abstractmethod
    def add(self, x: Tensor, positions: Tensor) -> Tensor:
        """x (B, T, D) with the encoding of positions (B or 1, T) or (B or 1, T, C) added."""

    def add_from(self, x: Tensor, start: int) -> Tensor:
        """`add` with the positions that count on from `start`."""
        return self.add(x, torch.arange(start, start + x.shape[1], device=x.device).unsqueeze(0))


class RotaryPosition(Position, ABC):
    """A position that rotates queries and keys before their product."""

    @abstractmethod
    def rotate(self, x: Tensor, positions: Tensor) -> Tensor:
        """x (B, H, T, E) rotated by positions (B or 1, T) or (B or 1, T, C).

        Norms are kept, up to one factor for all.
        """


class BiasPosition(Position, ABC):
    """A position that adds a bias to the scores, the same for any queries and keys."""

    @abstractmethod
    def bias(self, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        """Bias (B or 1, H, T, S) for query positions (B or 1, T) and key positions (B or 1, S), or (B or 1, T, C) and
        (B or 1, S, C).
        """


class RelativePosition(Position, ABC):
    """A position that adds to the scores what a query's features say of the way to a key."""

    @abstractmethod
    def scores(self, query: Tensor, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        """Addition to the scores (B, H, T, S).

        Args:
            query: (B, H, T, E), mapped and scaled by the score.
            query_positions: (B or 1, T) or (B or 1, T, C). key_positions: (B or 1, S) or (B or 1, S, C).
        """
