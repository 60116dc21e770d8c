"""Plain tensor operations over query chunks: any score, normaliser, mask, bias and dropout, trainable on any device."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.backends.base import Backend, Pattern, Request, Weighting
from attnframe.attention.backends.chunks import blocks, columns_of, in_blocks
from attnframe.attention.dropout import dropout
from attnframe.attention.mixer import Call, share_heads
from attnframe.masks import terms

WHOLE_BYTES = 2**26
"""Scores (B, H, T, S) up to this size are taken whole, which saves computing them anew for the gradient."""
CHUNK_BYTES = 2**22
"""Size that the scores (B, H, chunk, S) of one chunk are held to otherwise."""
FEWEST_ROWS = 16


class Eager(Backend):
    """Scores, bias, mask, normaliser and weighted sum, for some query rows and only the keys that they may see.

    Scores beyond `WHOLE_BYTES` are taken in chunks, each computed anew in the backward pass, so that no (T, S) tensor
    is ever kept.
    """

    name = "eager"

    def why_not(self, request: Request) -> list[str]:
        return []

    def memory(self, request: Request) -> int:
        per_row = request.batch * request.heads * request.keys * request.dtype.itemsize * request.pair_width
        # Scores, masked scores, weights and their gradients.
        return 6 * per_row * query_rows(per_row, request.queries, request.pattern)

    def attend(self, query: Tensor, key: Tensor, value: Tensor, call: Call, weighting: Weighting) -> Tensor:
        width = query.shape[3]
        query, key = _mapped(query, key, weighting)
        key, value = share_heads(query, key), share_heads(query, value)

        def attend(query: Tensor, key: Tensor, value: Tensor, rows: slice, columns: slice) -> Tensor:
            weights = _weights(query, key, call, weighting, rows, columns, width)
            return dropout(weights, weighting.dropout, weighting.dropout > 0).to(value.dtype) @ value

        batch, heads = query.shape[:2]
        pattern = Pattern.of(call.mask, call.extent)
        per_row = batch * heads * key.shape[2] * query.element_size() * weighting.score.pair_width
        parts = blocks(call, pattern, weighting.chunk or query_rows(per_row, query.shape[2], pattern))
        return in_blocks(attend, query, key, value, parts, weighting.parameters(call))


def query_rows(bytes_per_row: int, queries: int, pattern: Pattern) -> int:
    """Query rows in a chunk, at least 1."""
    rows = max(FEWEST_ROWS, CHUNK_BYTES // max(1, bytes_per_row))
    if pattern.left is not None and pattern.right is not None:
        # The rows of a chunk share a span of keys; a chunk as long as the window wastes half of it at most.
        rows = min(rows, max(FEWEST_ROWS, pattern.left + pattern.right))
    elif bytes_per_row * queries <= WHOLE_BYTES:
        rows = queries
    return max(1, min(rows, queries))


def weights(query: Tensor, key: Tensor, call: Call, weighting: Weighting, rows: slice) -> Tensor:
    """Weights (B, H, rows, S) of some query rows, without dropout."""
    width, keys = query.shape[3], key.shape[2]
    columns = columns_of(call, Pattern.of(call.mask, call.extent), rows)
    query, key = _mapped(query[:, :, rows], key[:, :, columns], weighting)
    found = _weights(query, share_heads(query, key), call, weighting, rows, columns, width)
    return F.pad(found, (columns.start, keys - columns.stop))


def scores(query: Tensor, key: Tensor, call: Call, weighting: Weighting, rows: slice) -> Tensor:
    """Scores (B, H, rows, S) of some query rows with their bias, -inf for hidden keys."""
    width = query.shape[3]
    query, key = _mapped(query[:, :, rows], key, weighting)
    found = _scores(query, share_heads(query, key), call, weighting, rows, slice(None), width)
    return found.masked_fill(~call.visible(rows), float("-inf")) if terms(call.mask) else found


def _mapped(query: Tensor, key: Tensor, weighting: Weighting) -> tuple[Tensor, Tensor]:
    return weighting.score.map_query(query), weighting.score.map_key(key)


def _weights(
    query: Tensor, key: Tensor, call: Call, weighting: Weighting, rows: slice, columns: slice, width: int
) -> Tensor:
    """Weights from mapped queries and keys; `width` is what their own features are wide."""
    found = _scores(query, key, call, weighting, rows, columns, width)
    visible = call.visible(rows, columns) if terms(call.mask) else None
    return weighting.normaliser.dense(found, visible)


def _scores(
    query: Tensor, key: Tensor, call: Call, weighting: Weighting, rows: slice, columns: slice, width: int
) -> Tensor:
    found = weighting.score.compare(query, key)
    if call.bias is None:
        return found
    return found + call.bias.scores(query[..., :width] * weighting.score.scale, rows, columns)
