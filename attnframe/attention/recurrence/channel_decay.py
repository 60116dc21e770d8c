"""Sums of which every feature decays by itself."""

from __future__ import annotations

from typing import Final

from torch import Tensor

from attnframe.attention.recurrence.base import Recurrence
from attnframe.attention.recurrence.chunks import Chunks, added
from attnframe.attention.recurrence.decays import Joined, times
from attnframe.attention.recurrence.scan import sum_scan
from attnframe.attention.recurrence.tokens import Tokens

LONGEST: Final = 16
"""Most tokens of a chunk."""
STRONGEST: Final = -8.0
"""Least logarithm of a decay: from the middle of a chunk to its ends they sum to 64, and exp(64) leaves room in
float32."""


class ChannelDecay(Recurrence):
    """S_t = diag(a_t) S_{t-1} + k_t v_t^T with a vector a_t for each head, as in gated linear attention (Yang et al.
    2024, https://arxiv.org/abs/2312.06635).

    out_i = sum_{j <= i} <q_i, (a_{j+1} ... a_i) k_j> v_j

    Within a chunk the decays go into queries and keys, as sums of logarithms counted from the chunk's middle.
    Logarithms of at least `STRONGEST` and chunks of at most `LONGEST` tokens keep both in the range of float32.
    """

    chunk = longest = LONGEST

    def chunked(self, tokens: Tokens, state: Tensor | None, chunk: int) -> tuple[Tensor, Tensor]:
        chunks = Chunks.of(tokens.length, min(chunk, LONGEST))
        value = chunks.stack(tokens.value)
        query, key, total, pairs = _compared(tokens, chunks)
        middle, last = _middle(total), total[:, :, :, -1:]
        joined = Joined.of(tokens, chunks)
        begin, end, whole = middle.exp(), (last - middle).exp(), last.exp().mT
        if joined is not None:
            begin, end, whole = begin * joined.begin, end * joined.end, whole * joined.whole
        states = sum_scan((key * end).mT @ value, whole, state)
        return chunks.join(added(pairs @ value, query * begin, states[:-1])), states[-1]

    def within(self, tokens: Tokens) -> tuple[Tensor, Tensor]:
        chunks = Chunks.of(tokens.length)
        query, _, total, pairs = _compared(tokens, chunks)
        joined = Joined.of(tokens, chunks)
        begin = times(_middle(total).exp(), None if joined is None else joined.begin)
        return pairs[0], (query * begin)[0]

    def before(self, query: Tensor, tokens: Tokens) -> Tensor:
        if not tokens.length:
            return query @ tokens.key.mT
        chunks = Chunks.of(tokens.length)
        total, joined = _total(tokens, chunks), Joined.of(tokens, chunks)
        end = times((total[:, :, :, -1:] - total).exp(), None if joined is None else joined.end)
        return query @ (chunks.stack(tokens.key) * end)[0].mT


def _total(tokens: Tokens, chunks: Chunks) -> Tensor:
    """Sums of the logarithms of the decays from the beginning of a chunk, (N, B, H, C, E)."""
    assert tokens.decay is not None
    return chunks.stack(tokens.decay).cumsum(3)


def _middle(total: Tensor) -> Tensor:
    """Where sums of logarithms are counted from, (N, B, H, 1, E); it cancels, so it has no gradient."""
    return total.detach()[:, :, :, total.shape[3] // 2, None]


def _compared(tokens: Tokens, chunks: Chunks) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Queries decayed from the middle of their chunk, keys decayed to it, the sums of logarithms, and the weights
    (N, B, H, C, C) that queries and keys give.
    """
    total = _total(tokens, chunks)
    middle = _middle(total)
    # No division by one exponential: its gradient would square it.
    query = chunks.stack(tokens.query) * (total - middle).exp()
    key = chunks.stack(tokens.key) * (middle - total).exp()
    # Above the diagonal products may be as large as to be infinite; they are replaced, not multiplied.
    pairs = (query @ key.mT).tril()
    joined = Joined.of(tokens, chunks)
    return query, key, total, pairs if joined is None else pairs * joined.pair
