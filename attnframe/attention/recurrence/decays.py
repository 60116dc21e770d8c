"""Factors by which decay and new documents weaken what passes within a chunk and from chunk to chunk."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from attnframe.attention.recurrence.chunks import Chunks
from attnframe.attention.recurrence.tokens import Tokens


@dataclass(frozen=True)
class Decays:
    """Factors in [0, 1] of N chunks of C tokens, for decays that are the same for all features of a head.

    Each is the exponential of a sum of logarithms that are at most 0, so that none overflows however strong a decay is.

    Args:
        total: (N, B or 1, H, C, 1) sums of the logarithms of the decays from the beginning of a chunk; None for none.
        joined: which tokens stand in one document; None for all.
        steady: whether all full chunks are alike; the first is full.
    """

    total: Tensor | None
    joined: Joined | None
    steady: bool

    @classmethod
    def of(cls, tokens: Tokens, chunks: Chunks) -> Decays:
        total = None
        if tokens.decay is not None:
            total = chunks.stack(tokens.decay.expand(-1, -1, tokens.length, -1)).cumsum(3)
        return cls(total, Joined.of(tokens, chunks), tokens.steady and chunks.count > 1)

    def pairs(self, products: Tensor) -> Tensor:
        """Products (N, B, H, C, C) of queries i and keys j, weakened from after token j up to and with token i; 0 for
        j > i.
        """
        if self.total is None:
            return products.tril() if self.joined is None else products * self.joined.pair
        total = self.total[:1] if self.steady else self.total
        size = total.shape[3]
        later = torch.ones(size, size, dtype=torch.bool, device=total.device).triu(1)
        factors = (total - total.mT).masked_fill(later, -torch.inf).exp()
        return products * (factors if self.joined is None else factors * self.joined.pair)

    def begin(self) -> Tensor | None:
        """(N, B or 1, H or 1, C, 1) from the beginning of the chunk up to and with token i; None for 1."""
        if self.total is None:
            return None if self.joined is None else self.joined.begin
        found = self.total.exp()
        return found if self.joined is None else found * self.joined.begin

    def end(self) -> Tensor | None:
        """(N, B or 1, H or 1, C, 1) from after token j to the end of the chunk; None for 1."""
        if self.total is None:
            return None if self.joined is None else self.joined.end
        found = (self.total[:, :, :, -1:] - self.total).exp()
        return found if self.joined is None else found * self.joined.end

    def whole(self) -> Tensor | None:
        """(N, B or 1, H or 1, 1, 1) over the chunk; None for 1."""
        if self.total is None:
            return None if self.joined is None else self.joined.whole
        found = self.total[:, :, :, -1:].exp()
        return found if self.joined is None else found * self.joined.whole


@dataclass(frozen=True)
class Joined:
    """Which tokens of a chunk stand in one document: 1 or 0 in (N, B or 1, 1, ...).

    Args:
        pair: (C, C) tokens i and j, with 0 for j > i. begin: (C, 1) token i and the end of the last chunk. end: (C, 1)
            token j and the end of this one. whole: (1, 1) the ends of both chunks.
    """

    pair: Tensor
    begin: Tensor
    end: Tensor
    whole: Tensor

    @classmethod
    def of(cls, tokens: Tokens, chunks: Chunks) -> Joined | None:
        """Those of the tokens; None where all are in one document."""
        if tokens.fresh is None:
            return None
        number = chunks.stack(tokens.fresh.long()).cumsum(3)
        last = number[:, :, :, -1:]
        kinds = ((number == number.mT).tril(), number == 0, number == last, last == 0)
        return cls(*(kind.to(tokens.key.dtype) for kind in kinds))


def times(x: Tensor, factor: Tensor | None) -> Tensor:
    """x * factor, or x where there is none."""
    return x if factor is None else x * factor
