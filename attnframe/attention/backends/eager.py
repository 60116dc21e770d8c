"""Plain tensor operations over query chunks: any score, normaliser, mask, bias and dropout, trainable on any device."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.backends.base import Backend, Pattern, Request, Weighting
from attnframe.attention.backends.chunks import blocks, in_blocks
from attnframe.attention.mixer import Call, share_heads
from attnframe.attention.scores import DotScore
from attnframe.masks import terms

CHUNK_BYTES = 2**24
"""Size that one (B, H, chunk, S) tensor of scores is held to."""
FEWEST_ROWS = 16


class Eager(Backend):
    """Scores, bias, mask, normaliser and weighted sum, for some query rows at a time and only the keys that they may
    see.

    A chunk is as long as keeps one score tensor within `CHUNK_BYTES`. The backward pass recomputes each chunk, so no
    (T, S) tensor is ever kept when there is more than one.
    """

    name = "eager"

    def why_not(self, request: Request) -> list[str]:
        return []

    def memory(self, request: Request) -> int:
        per_row = request.batch * request.heads * request.keys * request.dtype.itemsize
        # Scores, masked scores, weights and their gradients.
        return 6 * per_row * min(request.queries, _rows(per_row, request.pattern))

    def attend(self, query: Tensor, key: Tensor, value: Tensor, call: Call, weighting: Weighting) -> Tensor:
        score = weighting.score
        if isinstance(score, DotScore):
            query, key = score.map_query(query), score.map_key(key)
        key, value = share_heads(query, key), share_heads(query, value)

        def attend(query: Tensor, key: Tensor, value: Tensor, rows: slice, columns: slice) -> Tensor:
            weights = _weights(query, key, call, weighting, rows, columns)
            return F.dropout(weights, weighting.dropout, weighting.dropout > 0).to(value.dtype) @ value

        batch, heads = query.shape[:2]
        pattern = Pattern.of(call.mask, call.extent)
        rows = weighting.chunk or _rows(batch * heads * key.shape[2] * query.element_size(), pattern)
        parts = blocks(call, pattern, rows)
        return in_blocks(attend, query, key, value, parts, weighting.parameters(call))


def _rows(bytes_per_row: int, pattern: Pattern) -> int:
    """Query rows in a chunk."""
    rows = max(FEWEST_ROWS, CHUNK_BYTES // max(1, bytes_per_row))
    if pattern.left is not None and pattern.right is not None:
        # The rows of a chunk share a span of keys; a chunk as long as the window wastes half of it at most.
        rows = min(rows, max(FEWEST_ROWS, pattern.left + pattern.right))
    return rows


def weights(query: Tensor, key: Tensor, call: Call, weighting: Weighting, rows: slice) -> Tensor:
    """Weights (B, H, rows, S) of some query rows, without dropout."""
    score = weighting.score
    query = query[:, :, rows]
    if isinstance(score, DotScore):
        query, key = score.map_query(query), score.map_key(key)
    return _weights(query, share_heads(query, key), call, weighting, rows, slice(None))


def _weights(query: Tensor, key: Tensor, call: Call, weighting: Weighting, rows: slice, columns: slice) -> Tensor:
    """Weights from queries and keys that a dot score has mapped already."""
    score = weighting.score
    scores = query @ key.transpose(-1, -2) * score.scale if isinstance(score, DotScore) else score(query, key)
    if call.bias is not None:
        scores = scores + call.bias.scores(rows, columns)
    visible = call.visible(rows, columns) if terms(call.mask) else None
    return weighting.normaliser.dense(scores, visible)
