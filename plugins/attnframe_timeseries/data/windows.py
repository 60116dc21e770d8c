"""Windows of a table of series."""

from __future__ import annotations

from torch import Tensor


class Windows:
    """Windows that begin at every row of a stretch: views of one tensor, of which a batch takes what it needs.

    A batch is ``{"past": (n, C, L), "future": (n, C, H)}``.

    Args:
        series: (C, N) the whole table.
        first: row at which the first window begins. count: windows.
        lookback: rows L. horizon: rows H.
    """

    def __init__(self, series: Tensor, first: int, count: int, lookback: int, horizon: int) -> None:
        self.lookback = lookback
        self.views = series.unfold(1, lookback + horizon, 1)[:, first : first + count].transpose(0, 1)  # (n, C, L + H)

    def __len__(self) -> int:
        return self.views.shape[0]

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The windows at `indices` (n,) of this part."""
        rows = self.views[indices]
        return {"past": rows[..., : self.lookback], "future": rows[..., self.lookback :]}
