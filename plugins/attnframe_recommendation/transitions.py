"""How often one item followed another: a table of counts, and its part in a score."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe_recommendation.data.interactions import calibrates, trained_counts


class Transitions(nn.Module):
    r"""Counts c(s -> x) of how often item x came after item s in the training parts of histories: right after it, or
    up to `reach` places on, where it counts less. No paper: a Markov chain's counts.

    .. math:: c(s \to x) = \sum_{k=1}^{reach} \frac1k\, |\{(u, i) : u_i = s, u_{i+k} = x\}|

    The table is made of the histories, so it is no part of a module's state.

    Args:
        taken: (N,) items from 1, user by user in order.
        counts: (U,) items of each user, those held out for validation and test included.
        items: number of items V.
        reach: places on that are looked at, at least 1.
        calibration: whether the transitions that `calibrates` keeps apart are counted too.
    """

    offsets: Tensor
    items: Tensor
    times: Tensor

    def __init__(
        self,
        taken: npt.NDArray[np.int64],
        counts: npt.NDArray[np.int64],
        items: int,
        *,
        reach: int = 1,
        calibration: bool = False,
    ) -> None:
        super().__init__()
        trained = trained_counts(counts)
        used = trained if calibration else trained - calibrates(trained)
        place = np.arange(len(taken)) - np.repeat(np.cumsum(counts) - counts, counts)
        inside = place < np.repeat(used, counts)
        width = items + 1
        later = [np.flatnonzero((place >= apart) & inside) for apart in range(1, reach + 1)]
        keys = np.concatenate([taken[at - apart] * width + taken[at] for apart, at in enumerate(later, start=1)])
        weights = np.repeat(1 / np.arange(1, reach + 1), [len(at) for at in later])
        pairs, of = np.unique(keys, return_inverse=True)
        times = np.bincount(of, weights, len(pairs))
        offsets = np.searchsorted(pairs // width, np.arange(width + 1))
        for name, array in (("offsets", offsets), ("items", pairs % width)):
            self.register_buffer(name, torch.from_numpy(array.astype(np.int64)), persistent=False)
        self.register_buffer("times", torch.from_numpy(times.astype(np.float32)), persistent=False)

    def forward(self, last: Tensor) -> Tensor:
        """Counts c(last -> x) (B, V + 1) after the items `last` (B,), the column of padding 0."""
        found = torch.zeros(len(last), len(self.offsets) - 1, device=last.device)
        rows, items, times, _ = self.followers(last)
        found[rows, items] = times
        return found

    def followers(self, last: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What followed the items `last` (B,): for each of M pairs its row, the item and how often (M,), and how often
        anything did (B,)."""
        if last.is_meta:
            return last[:0], last[:0], last[:0].float(), last.float()
        many = self.offsets[last + 1] - self.offsets[last]
        rows = torch.repeat_interleave(torch.arange(len(last), device=last.device), many)
        within = torch.arange(len(rows), device=last.device) - torch.repeat_interleave(many.cumsum(0) - many, many)
        at = self.offsets[last][rows] + within
        times = self.times[at]
        return rows, self.items[at], times, times.new_zeros(len(last)).index_add(0, rows, times)


class TransitionSkip(nn.Module):
    r"""The way past attention from the last item to what is recommended: a mix of two distributions.

    .. math:: \mathrm{score}(x) = \ln \big( (1 - g)\, \mathrm{softmax}(\tau z)_x
        + g\, e^{\ln c(s \to x) - \ln n} \big), \qquad g = \sigma(a + b \ln n)

    with z the scores of attention, s the last item, n how often anything followed it (g is 0 where nothing did), and
    a, b and tau learnt from transitions that are not in the counts: in training, a count of the very event that is to
    be told says too much. No paper: a mix of attention with the Markov chain that Rendle et al. (2010,
    https://doi.org/10.1145/1772690.1772773) factorise.

    Args:
        transitions: the counts.
    """

    def __init__(self, transitions: Transitions) -> None:
        super().__init__()
        self.transitions = transitions
        self.gate = nn.Parameter(torch.tensor([-2.0, 0.0]))
        self.log_sharpness = nn.Parameter(torch.zeros(()))

    def forward(self, scores: Tensor, last: Tensor) -> tuple[Tensor, Tensor]:
        """Mix.

        Args:
            scores: (B, V + 1) of attention, the column of padding 0. last: (B,) the last items.

        Returns:
            Log-probabilities (B, V + 1), that of padding -inf, and the share g (B,) of the transitions.
        """
        rows, items, times, total = self.transitions.followers(last)
        share = (total > 0) * torch.sigmoid(self.gate[0] + self.gate[1] * total.clamp(min=1).log())
        own = F.log_softmax(scores[:, 1:] * self.log_sharpness.exp(), 1) + torch.log1p(-share).unsqueeze(1)
        own = F.pad(own, (1, 0), value=-torch.inf)
        other = times.log() - total[rows].log() + share[rows].log()
        return own.index_put((rows, items), torch.logaddexp(own[rows, items], other)), share
