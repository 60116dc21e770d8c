"""The delta rule: a token replaces what the state holds at its key."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.attention.recurrence.base import Recurrence
from attnframe.attention.recurrence.chunks import Chunks, added
from attnframe.attention.recurrence.decays import Decays, times
from attnframe.attention.recurrence.scan import delta_scan
from attnframe.attention.recurrence.tokens import Tokens
from attnframe.attention.recurrence.triangular import unit_lower_inverse


class DeltaRule(Recurrence):
    """S_t = a_t (I - b_t k_t k_t^T) S_{t-1} + b_t k_t v_t^T (Schlag et al. 2021, https://arxiv.org/abs/2102.11174), in
    chunks (Yang et al. 2024, https://arxiv.org/abs/2406.06484), with decays a_t (Yang, Kautz and Hatamizadeh 2024,
    https://arxiv.org/abs/2412.06464).

    Token t writes u_t = b_t (v_t - (a_t S_{t-1})^T k_t). Within a chunk that begins with the state S these are the
    solution of a triangular system,

    (I + L) u = diag(b) (V - diag(c) K S),  L_ij = b_i c_i / c_j <k_i, k_j> for j < i

    with c_i = a_1 ... a_i, so one inverse for each chunk makes all of its products large.
    """

    chunk = 32

    def chunked(self, tokens: Tokens, state: Tensor | None, chunk: int) -> tuple[Tensor, Tensor]:
        chunks = Chunks.of(tokens.length, chunk)
        query, key, value = chunks.stack(tokens.query), chunks.stack(tokens.key), chunks.stack(tokens.value)
        decays = Decays.of(tokens, chunks)
        begin = decays.begin()
        solution = _solution(key, tokens, chunks, decays)
        written, states = delta_scan(
            times(key, decays.end()),
            solution @ value,
            times(solution, None if begin is None else begin.mT) @ key,
            decays.whole(),
            state,
        )
        out = added(decays.pairs(query @ key.mT) @ written, times(query, begin), states[:-1])
        return chunks.join(out), states[-1]

    def within(self, tokens: Tokens) -> tuple[Tensor, Tensor]:
        chunks = Chunks.of(tokens.length)
        query, key, decays = chunks.stack(tokens.query), chunks.stack(tokens.key), Decays.of(tokens, chunks)
        own = decays.pairs(query @ key.mT) @ _solution(key, tokens, chunks, decays)
        begin = decays.begin()
        return own[0], (times(query, begin) - own @ times(key, begin))[0]

    def before(self, query: Tensor, tokens: Tokens) -> Tensor:
        parts = [query.new_zeros(*query.shape[:3], 0)]
        for stop in range(tokens.length, 0, -self.chunk):
            some = tokens.rows(slice(max(0, stop - self.chunk), stop))
            chunks = Chunks.of(some.length)
            key, decays = chunks.stack(some.key), Decays.of(some, chunks)
            own = query @ times(key, decays.end()).mT @ _solution(key, some, chunks, decays)
            query = (times(query[None], decays.whole()) - own @ times(key, decays.begin()))[0]
            parts.insert(0, own[0])
        return torch.cat(parts, dim=3)

    def written(self, tokens: Tokens, state: Tensor) -> Tensor:
        assert tokens.rate is not None
        return tokens.rate * (tokens.value - tokens.key @ state)


def _solution(key: Tensor, tokens: Tokens, chunks: Chunks, decays: Decays) -> Tensor:
    """(I + L)^-1 diag(b) of each chunk, (N, B, H, C, C)."""
    assert tokens.rate is not None
    rate = chunks.stack(tokens.rate)
    return unit_lower_inverse(decays.pairs(key @ key.mT) * rate) * rate.mT
