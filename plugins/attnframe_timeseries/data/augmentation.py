"""Random changes of training series."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from attnframe_timeseries.recipes.series_data import SeriesData


class Augmentation:
    """Changes each series of a batch by an amount of its own: time runs faster and slower, ends are cut off, channels
    are scaled, noise is added (Um et al. 2017, https://arxiv.org/abs/1706.00527).

    Args:
        recipe: how much of each.
    """

    def __init__(self, recipe: SeriesData) -> None:
        self.jitter, self.scale, self.warp, self.crop = recipe.jitter, recipe.scale, recipe.warp, recipe.crop

    def __call__(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """A batch of a `SeriesSplit`, changed."""
        series, valid = batch["series"], batch["valid"]
        if self.warp or self.crop:
            series, valid = self._resampled(series, valid)
        if self.scale:
            series = series * (1 + self.scale * torch.randn(len(series), 1, series.shape[2]))
        if self.jitter:
            series = series + self.jitter * torch.randn_like(series)
        return {**batch, "series": series.masked_fill(~valid.unsqueeze(-1), 0.0), "valid": valid}

    def _resampled(self, series: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        """Series read at other moments, between two steps by linear interpolation."""
        size = len(series)
        length = valid.sum(1, keepdim=True)  # (B, 1)
        kept = (length * (1 - self.crop * torch.rand(size, 1))).round().clamp(min=1).long()
        start = torch.rand(size, 1) * (length - kept)
        share = torch.arange(series.shape[1]) / (kept - 1).clamp(min=1)  # of the way from the first to the last step
        turns, phase = 0.5 + torch.rand(size, 1), torch.rand(size, 1)
        # The integral of a speed 1 + w cos(2 pi (f s + p)), brought to 0 at the first step and to 1 at the last.
        at, ends = (self._way(s, turns, phase) for s in (share, torch.tensor([[0.0, 1.0]])))
        way = (at - ends[:, :1]) / (ends[:, 1:] - ends[:, :1])
        moment = (start + way * (kept - 1)).clamp(min=0).minimum(length - 1.0)
        before = moment.floor().long()
        after = (before + 1).minimum(length - 1)
        weight = (moment - before).unsqueeze(-1)
        index = (torch.arange(size).unsqueeze(1), before), (torch.arange(size).unsqueeze(1), after)
        changed = series[index[0]] * (1 - weight) + series[index[1]] * weight
        return changed, torch.arange(series.shape[1]) < kept

    def _way(self, share: Tensor, turns: Tensor, phase: Tensor) -> Tensor:
        angle = 2 * math.pi
        return share + self.warp / (angle * turns) * torch.sin(angle * (turns * share + phase))
