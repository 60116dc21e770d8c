"""Ridge regression of a horizon on its lookback, in closed form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from attnframe.plugin.data import Split

CHUNK = 512
"""Windows that are summed at a time."""


class RidgeSums:
    r"""What ridge regression needs of all training windows, summed chunk by chunk: one map for all channels, of
    differences to the last value.

    .. math:: \min_{W, b} \sum \| (y - x_L) - W (x - x_L) - b \|^2 + \lambda n s \|W\|^2

    with n rows (windows times channels) and s the mean square of x - x_L, so that the penalty has no unit. The
    intercept is not penalised.

    Args:
        lookback: L. horizon: H.
    """

    def __init__(self, lookback: int, horizon: int) -> None:
        self.count = 0
        self.gram = torch.zeros(lookback, lookback, dtype=torch.float64)
        self.cross = torch.zeros(lookback, horizon, dtype=torch.float64)
        self.inputs = torch.zeros(lookback, dtype=torch.float64)
        self.outputs = torch.zeros(horizon, dtype=torch.float64)

    @staticmethod
    def of(windows: Split, lookback: int, horizon: int) -> RidgeSums:
        """The sums of all windows of a part."""
        sums = RidgeSums(lookback, horizon)
        for batch in in_chunks(windows):
            sums.add(batch["past"], batch["future"])
        return sums

    def add(self, past: Tensor, future: Tensor) -> None:
        """Count windows: past (B, C, L) and future (B, C, H)."""
        last = past[..., -1:]
        x, y = (past - last).flatten(0, -2), (future - last).flatten(0, -2)
        self.count += len(x)
        self.gram += (x.T @ x).double()
        self.cross += (x.T @ y).double()
        self.inputs += x.sum(0).double()
        self.outputs += y.sum(0).double()

    def solve(self, penalty: float) -> tuple[Tensor, Tensor]:
        """W (H, L) and b (H,) in float32 for a penalty lambda above 0."""
        mean_x, mean_y = self.inputs / self.count, self.outputs / self.count
        gram = self.gram / self.count - torch.outer(mean_x, mean_x)
        cross = self.cross / self.count - torch.outer(mean_x, mean_y)
        # Where the lookback never changes there is nothing to weigh, and any scale will do.
        scale = float(self.gram.diagonal().mean() / self.count) or 1.0
        weight = torch.linalg.solve(gram + penalty * scale * torch.eye(len(gram), dtype=torch.float64), cross).T
        return weight.float(), (mean_y - weight @ mean_x).float()


def in_chunks(windows: Split) -> Iterable[dict[str, Tensor]]:
    """All windows of a part, some at a time."""
    for first in range(0, len(windows), CHUNK):
        batch: dict[str, Tensor] = windows.batch(torch.arange(first, min(first + CHUNK, len(windows))))
        yield batch
