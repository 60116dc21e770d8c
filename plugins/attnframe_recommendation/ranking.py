"""Where the true item stands among its candidates, and what is made of that."""

from __future__ import annotations

import torch
from torch import Tensor
from torchmetrics import Metric


def ranks(scores: Tensor, targets: Tensor) -> Tensor:
    r"""Rank of the true candidate, from 1; among equal scores the mean of their places.

    .. math:: r = 1 + |\{c : s_c > s_t\}| + \tfrac12 |\{c \ne t : s_c = s_t\}|

    A candidate that is none has the score :math:`-\infty`. A score that is no number ranks last.

    Args:
        scores: (B, C) of the candidates.
        targets: (B,) int64, the column of the true one.

    Returns:
        (B,) float32.
    """
    true = scores.gather(1, targets.unsqueeze(1))
    greater = (~(scores <= true)).sum(1)
    equal = (scores == true).sum(1) - 1
    return 1 + greater + equal.clamp(min=0) / 2


class HitRate(Metric):
    r"""Share of users whose true item ranks among the first k: :math:`\frac1U \sum_u [r_u \le k]`, from 0 to 1.

    Args:
        k: places that count, at least 1.
    """

    higher_is_better = True
    full_state_update = False
    hits: Tensor
    users: Tensor

    def __init__(self, k: int = 10) -> None:
        super().__init__()
        self.k = k
        self.add_state("hits", torch.zeros((), dtype=torch.float64), dist_reduce_fx="sum")
        self.add_state("users", torch.zeros((), dtype=torch.int64), dist_reduce_fx="sum")

    def update(self, places: Tensor) -> None:
        """Count users.

        Args:
            places: (B,) ranks from 1.
        """
        self.hits += (places <= self.k).sum()
        self.users += places.numel()

    def compute(self) -> Tensor:
        return (self.hits / self.users).float()


class DiscountedGain(Metric):
    r"""Normalised discounted cumulative gain of one true item (Järvelin and Kekäläinen 2002,
    https://doi.org/10.1145/582415.582418): :math:`\frac1U \sum_u [r_u \le k] / \log_2(1 + r_u)`, from 0 to 1.

    Args:
        k: places that count, at least 1.
    """

    higher_is_better = True
    full_state_update = False
    gain: Tensor
    users: Tensor

    def __init__(self, k: int = 10) -> None:
        super().__init__()
        self.k = k
        self.add_state("gain", torch.zeros((), dtype=torch.float64), dist_reduce_fx="sum")
        self.add_state("users", torch.zeros((), dtype=torch.int64), dist_reduce_fx="sum")

    def update(self, places: Tensor) -> None:
        """Count users.

        Args:
            places: (B,) ranks from 1.
        """
        gains = (places.double() + 1).log2().reciprocal()
        self.gain += gains[places <= self.k].sum()
        self.users += places.numel()

    def compute(self) -> Tensor:
        return (self.gain / self.users).float()
