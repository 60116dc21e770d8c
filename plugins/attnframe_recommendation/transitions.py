"""How often one item followed another: a table of counts, and its part in a score."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe_recommendation.data.interactions import calibrates, trained_counts


class Transitions(nn.Module):
    """Counts c(s -> x) of how often item x came right after item s in the training parts of histories. No paper: a
    Markov chain's counts.

    The table is made of the histories, so it is no part of a module's state.

    Args:
        taken: (N,) items from 1, user by user in order.
        counts: (U,) items of each user, those held out for validation and test included.
        items: number of items V.
        calibration: whether the transitions that `calibrates` keeps apart are counted too.
    """

    offsets: Tensor
    followers: Tensor
    times: Tensor

    def __init__(
        self, taken: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], items: int, *, calibration: bool = False
    ) -> None:
        super().__init__()
        trained = trained_counts(counts)
        used = trained if calibration else trained - calibrates(trained)
        place = np.arange(len(taken)) - np.repeat(np.cumsum(counts) - counts, counts)
        second = np.flatnonzero((place > 0) & (place < np.repeat(used, counts)))
        width = items + 1
        pairs, times = np.unique(taken[second - 1] * width + taken[second], return_counts=True)
        offsets = np.searchsorted(pairs // width, np.arange(width + 1))
        for name, array in (("offsets", offsets), ("followers", pairs % width)):
            self.register_buffer(name, torch.from_numpy(array.astype(np.int64)), persistent=False)
        self.register_buffer("times", torch.from_numpy(times.astype(np.float32)), persistent=False)

    def forward(self, last: Tensor) -> tuple[Tensor, Tensor]:
        """Counts after the items `last` (B,).

        Returns:
            c(last -> x) (B, V + 1), the column of padding 0, and how often each was followed at all (B,).
        """
        width = len(self.offsets) - 1
        found = torch.zeros(len(last), width, device=last.device)
        if last.is_meta or not len(self.followers):
            return found, found.sum(1)
        first, many = self.offsets[last], self.offsets[last + 1] - self.offsets[last]
        rows = torch.repeat_interleave(torch.arange(len(last), device=last.device), many)
        within = torch.arange(len(rows), device=last.device) - torch.repeat_interleave(many.cumsum(0) - many, many)
        at = first[rows] + within
        found[rows, self.followers[at]] = self.times[at]
        return found, found.sum(1)


class TransitionSkip(nn.Module):
    r"""The way past attention from the last item to a score.

    .. math:: \mathrm{score}(x) = \mathrm{attention}(x) + w(n)\, \ln(1 + c(s \to x) / \epsilon), \qquad
        w(n) = \mathrm{softplus}(a + b \ln(1 + n))

    with s the last item, n how often anything followed it, and a, b and epsilon learnt from transitions that are not
    in the counts: in training, a count of the very event that is to be told says too much. No paper: a mix of the
    Markov chain that Rendle et al. (2010, https://doi.org/10.1145/1772690.1772773) factorise with attention.

    Args:
        transitions: the counts.
    """

    def __init__(self, transitions: Transitions) -> None:
        super().__init__()
        self.transitions = transitions
        self.strength = nn.Parameter(torch.tensor([0.5, 0.0]))
        self.log_epsilon = nn.Parameter(torch.zeros(()))

    def forward(self, last: Tensor) -> Tensor:
        """What is added to the scores (B, V + 1) after the items `last` (B,)."""
        counts, total = self.transitions(last)
        weight = F.softplus(self.strength[0] + self.strength[1] * total.log1p())
        return weight.unsqueeze(1) * (counts * torch.exp(-self.log_epsilon)).log1p()
