"""What a recurrence reads of each token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor


@dataclass(frozen=True)
class Tokens:
    """The tokens of a call.

    Args:
        query: (B, H, T, E). key: (B, H, T, E), 0 for padding. value: (B, H, T, V).
        decay: logarithm, at most 0, of what a token leaves of the state before it, 0 for padding: (B or 1, H, T, 1) for
            each head, (B, H, T, E) for each of its features, or (1, H, 1, 1) when it is the same for all tokens; None
            for no decay.
        rate: (B, H, T, 1) how far a token replaces what the state holds at its key, in [0, 1]; None where it adds.
        fresh: (B or 1, 1, T, 1) True for the first token of a document, before which the state is forgotten; None for
            one document.
        hidden: (B or 1, 1, T, 1) True for padding; None for none.
    """

    query: Tensor
    key: Tensor
    value: Tensor
    decay: Tensor | None = None
    rate: Tensor | None = None
    fresh: Tensor | None = None
    hidden: Tensor | None = None

    @property
    def batch(self) -> int:
        """B."""
        return int(self.query.shape[0])

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
        every = self.length  # Of one token none may be wanted.
        return replace(self, **{name: x if x.shape[2] == 1 < every else x[:, :, rows] for name, x in self._given()})

    def split(self, size: int, dim: int) -> list[Tokens]:
        """Sequences (dimension 0) or tokens (2) in parts of at most `size`, whose gradients are joined by one copy."""
        count = -(-self.query.shape[dim] // size)
        if count <= 1:
            return [self]
        parts = {name: [x] * count if x.shape[dim] == 1 else torch.split(x, size, dim) for name, x in self._given()}
        return [replace(self, **{name: part[n] for name, part in parts.items()}) for n in range(count)]

    def _given(self) -> Iterator[tuple[str, Tensor]]:
        every = ((field.name, getattr(self, field.name)) for field in fields(self))
        return ((name, x) for name, x in every if x is not None)
