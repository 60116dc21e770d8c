"""Query rows at a time, so that no (T, S) tensor is made on the side."""

from __future__ import annotations

from attnframe.masks import Extent

CHUNK_BYTES = 2**21
"""Size that the weights or scores (B, H, rows, S) of one chunk are held to."""


def row_chunks(extent: Extent, itemsize: int) -> list[slice]:
    """The query rows of a call in chunks, in order, one at least.

    Args:
        extent: sizes of the call.
        itemsize: bytes of a weight or score.
    """
    per_row = max(1, extent.batch * extent.heads * extent.keys * itemsize)
    size = max(1, min(extent.queries, CHUNK_BYTES // per_row))
    return [slice(first, min(first + size, extent.queries)) for first in range(0, max(1, extent.queries), size)]
