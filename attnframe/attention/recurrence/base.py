"""The contract of a recurrence."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor

from attnframe.attention.recurrence.tokens import Tokens


class Recurrence(ABC):
    """A state S (E, V) of each head, to which every token t adds at its key before its query reads:

    S_t = diag(a_t) S_{t-1} + k_t u_t^T,  out_t = S_t^T q_t

    with the decay a_t; what is written, u_t, is the value or depends on the state too. Three forms agree: `parallel`
    over all pairs of tokens, `chunked` in time linear in the length, and `step` of one token. The state (B, H, E, V)
    that one call ends with is what the next begins with; None stands for 0.
    """

    chunk: ClassVar[int]
    """Tokens of a chunk, unless told otherwise."""
    few: ClassVar[int] = 0
    """Tokens up to which the parallel form is the fastest, where no state is wanted."""
    longest: ClassVar[int | None] = None
    """Most tokens among which `within` may form pairs; None for any number."""

    @abstractmethod
    def chunked(self, tokens: Tokens, state: Tensor | None, chunk: int) -> tuple[Tensor, Tensor]:
        """Outputs (B, H, T, V) and the state after the last token, chunk by chunk.

        Args:
            tokens: what is read. state: before the first.
            chunk: tokens among which pairs are formed, at least 1. It changes no result.
        """

    @abstractmethod
    def within(self, tokens: Tokens) -> tuple[Tensor, Tensor]:
        """What each value counts for in the outputs of its neighbours, (B, H, T, T), and the queries (B, H, T, E) with
        which they read the state before the first of them.
        """

    @abstractmethod
    def before(self, query: Tensor, tokens: Tokens) -> Tensor:
        """What each of earlier values counts for, (B, H, R, T), where queries (B, H, R, E) read the state after the
        last of them.
        """

    def written(self, tokens: Tokens, state: Tensor) -> Tensor:
        """u (B, H, 1, V) of one token, given the decayed state before it (B, H, E, V)."""
        return tokens.value

    def step(self, tokens: Tokens, state: Tensor | None) -> tuple[Tensor, Tensor]:
        """Output (B, H, 1, V) and the state after one token."""
        key = tokens.key.mT
        if state is None:
            state = key.new_zeros(*key.shape[:3], tokens.value.shape[3])
        if tokens.decay is not None:
            state = state * tokens.decay.exp().mT
        if tokens.fresh is not None:
            state = state.masked_fill(tokens.fresh, 0.0)
        state = torch.addcmul(state, key, self.written(tokens, state))
        return tokens.query @ state, state

    def weights(self, tokens: Tokens, rows: slice) -> Tensor:
        """What each value counts for in the outputs of some queries, (B, H, rows, T), from a state of 0."""
        first, last, _ = rows.indices(tokens.length)
        size = self.longest or max(1, last - first)
        parts = []
        for start in range(first, max(last, first + 1), size):
            stop = min(start + size, last)
            own, query = self.within(tokens.rows(slice(start, stop)))
            if stop - start == tokens.length:
                return own
            earlier = self.before(query, tokens.rows(slice(0, start)))
            later = own.new_zeros(*own.shape[:3], tokens.length - stop)
            parts.append(torch.cat([earlier, own, later], dim=3))
        return parts[0] if len(parts) == 1 else torch.cat(parts, dim=2)

    def parallel(self, tokens: Tokens) -> Tensor:
        """Outputs (B, H, T, V) by the weights of all pairs, in time and memory quadratic in T."""
        return self.weights(tokens, slice(None)) @ tokens.value
