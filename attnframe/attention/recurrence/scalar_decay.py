"""Sums that decay alike in all features of a head."""

from __future__ import annotations

from torch import Tensor

from attnframe.attention.recurrence.base import Recurrence
from attnframe.attention.recurrence.chunks import Chunks, added
from attnframe.attention.recurrence.decays import Decays, times
from attnframe.attention.recurrence.scan import sum_scan
from attnframe.attention.recurrence.tokens import Tokens


class ScalarDecay(Recurrence):
    """S_t = a_t S_{t-1} + k_t v_t^T with a number a_t for each head, as in retention (Sun et al. 2023, https://arxiv.org/abs/2307.08621).

    out_i = sum_{j <= i} a_{j+1} ... a_i <q_i, k_j> v_j
    """

    chunk = 64
    few = 2 * chunk

    def chunked(self, tokens: Tokens, state: Tensor | None, chunk: int) -> tuple[Tensor, Tensor]:
        chunks = Chunks.of(tokens.length, chunk)
        query, key, value = chunks.stack(tokens.query), chunks.stack(tokens.key), chunks.stack(tokens.value)
        decays = Decays.of(tokens, chunks)
        states = sum_scan(times(key, decays.end()).mT @ value, decays.whole(), state)
        out = added(decays.pairs(query @ key.mT) @ value, times(query, decays.begin()), states[:-1])
        return chunks.join(out), states[-1]

    def within(self, tokens: Tokens) -> tuple[Tensor, Tensor]:
        chunks = Chunks.of(tokens.length)
        query, key, decays = chunks.stack(tokens.query), chunks.stack(tokens.key), Decays.of(tokens, chunks)
        return decays.pairs(query @ key.mT)[0], times(query, decays.begin())[0]

    def parallel(self, tokens: Tokens) -> Tensor:
        chunks = Chunks.of(tokens.length)
        query, key, value = chunks.stack(tokens.query), chunks.stack(tokens.key), chunks.stack(tokens.value)
        return chunks.join(Decays.of(tokens, chunks).pairs(query @ key.mT) @ value)

    def before(self, query: Tensor, tokens: Tokens) -> Tensor:
        if not tokens.length:
            return query @ tokens.key.mT
        chunks = Chunks.of(tokens.length)
        return query @ times(chunks.stack(tokens.key), Decays.of(tokens, chunks).end())[0].mT
