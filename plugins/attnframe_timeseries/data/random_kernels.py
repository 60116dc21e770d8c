"""Features of series from random convolutions."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

LENGTH, RAISED = 9, 3
"""Weights of a kernel, and how many of them are 2; the others are -1."""
QUANTILES = 4
"""Biases of a kernel."""
DILATIONS = 8
"""Most dilations that are used."""
CHUNK = 128
"""Series that are convolved at a time."""


class RandomKernels:
    """Shares of steps at which a convolution is above a bias, in the manner of MiniRocket (Dempster et al. 2021,
    https://arxiv.org/abs/2012.08791).

    All 84 kernels of nine weights, three of them 2 and six -1, at dilations that grow by powers up to the length of a
    series; each reads channels drawn at random, and its biases are quantiles of what it gives for one training series.

    Args:
        series: (N, T, C) of the training part, 0 where padded. valid: (N, T).
        seed: of channels and of the series that give biases.
    """

    def __init__(self, series: Tensor, valid: Tensor, seed: int = 0) -> None:
        generator = np.random.default_rng(seed)
        places = list(combinations(range(LENGTH), RAISED))
        base = torch.full((len(places), LENGTH), -1.0)
        base[torch.arange(len(places)).unsqueeze(1), torch.tensor(places)] = 2.0
        longest = max((int(valid.sum(1).max()) - 1) / (LENGTH - 1), 1.0)
        steps = np.unique(np.floor(longest ** np.linspace(0, 1, DILATIONS)).astype(int))
        channels = series.shape[2]
        self.kernels: list[tuple[int, Tensor, Tensor]] = []
        for dilation in (int(step) for step in steps):
            count = 2 ** generator.uniform(0, np.log2(channels + 1), len(places))
            read = np.argsort(generator.random((len(places), channels)), 1) < np.maximum(count.astype(int), 1)[:, None]
            weight = base.unsqueeze(1) * torch.from_numpy(read).float().unsqueeze(-1)  # (84, C, 9)
            member = int(generator.integers(len(series)))
            out = _convolve(series[member : member + 1], weight, dilation)[0, :, valid[member]]
            levels = torch.from_numpy(generator.uniform(0, 1, QUANTILES)).float()
            self.kernels.append((dilation, weight, torch.quantile(out, levels, dim=1).T))  # (84, QUANTILES)

    def __call__(self, series: Tensor, valid: Tensor) -> npt.NDArray[np.float32]:
        """Features (N, kernels * dilations * biases) of series (N, T, C), from 0 to 1."""
        found = []
        for first in range(0, len(series), CHUNK):
            some, real = series[first : first + CHUNK], valid[first : first + CHUNK]
            count = real.sum(1, keepdim=True)
            features = []
            for dilation, weight, biases in self.kernels:
                out = _convolve(some, weight, dilation)
                for bias in biases.T:
                    above = (out > bias.unsqueeze(-1)) & real.unsqueeze(1)
                    features.append(above.sum(2) / count)
            found.append(torch.cat(features, 1))
        return torch.cat(found).numpy()


def _convolve(series: Tensor, weight: Tensor, dilation: int) -> Tensor:
    """(n, T, C) to (n, 84, T)."""
    return F.conv1d(series.transpose(1, 2), weight, padding="same", dilation=dilation)
