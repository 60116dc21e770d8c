"""What a recurrence reads of each token."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import Tensor


@dataclass(frozen=True)
class Tokens:
    """The tokens of a call, in float32 at least.

    Args:
        query: (B, H, T, E). key: (B, H, T, E), 0 for padding. value: (B, H, T, V).
        decay: logarithm, at most 0, of what a token leaves of the state before it, 0 for padding: (B or 1, H, T, 1) for
            each head, (B, H, T, E) for each of its features, or (1, H, 1, 1) when it is the same for all tokens; None
            for no decay.
        rate: (B, H, T, 1) how far a token replaces what the state holds at its key, in [0, 1]; None where it adds.
        fresh: (B or 1, T) True for a token that a document begins with: the state before it is forgotten; None for one
            document.
    """

    query: Tensor
    key: Tensor
    value: Tensor
    decay: Tensor | None = None
    rate: Tensor | None = None
    fresh: Tensor | None = None

    @property
    def length(self) -> int:
        """T."""
        return int(self.query.shape[2])

    @property
    def steady(self) -> bool:
        """Whether every token decays the state alike."""
        return self.decay is not None and self.decay.shape[2] == 1 < self.length

    def rows(self, rows: slice) -> Tokens:
        """Some of the tokens."""
        return replace(
            self,
            query=self.query[:, :, rows],
            key=self.key[:, :, rows],
            value=self.value[:, :, rows],
            decay=self.decay if self.decay is None or self.decay.shape[2] == 1 else self.decay[:, :, rows],
            rate=None if self.rate is None else self.rate[:, :, rows],
            fresh=None if self.fresh is None else self.fresh[:, rows],
        )
