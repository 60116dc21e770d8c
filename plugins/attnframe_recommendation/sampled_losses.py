"""Losses that score a few drawn items instead of all."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

from attnframe_recommendation.softmax_loss import full_precision

CHUNK: Final = 1 << 17
"""Scores that are held at a time: what the second cache holds."""


class _SampledSoftmax(torch.autograd.Function):
    """The gradients are formed with the loss, chunk by chunk, while the scores are in the cache."""

    @staticmethod
    def forward(
        ctx: Any, states: Tensor, true: Tensor, drawn: Tensor, repeated: tuple[Tensor, Tensor], factor: float
    ) -> Tensor:
        own = (states * true).sum(1, keepdim=True)
        grad_states, grad_drawn = torch.empty_like(states), torch.zeros_like(drawn)
        grad_own = torch.empty_like(own)
        total = own.new_zeros(())
        # On an accelerator few large steps are faster than many small ones.
        rows = max(1, CHUNK * (1 if states.device.type == "cpu" else 64) // len(drawn))
        places = repeated
        starts = range(0, len(states), rows)
        bounds = [0] * (len(starts) + 1)
        if len(places[0]):
            bounds = torch.searchsorted(places[0], torch.tensor([*starts, len(states)], device=states.device)).tolist()
        for number, first in enumerate(starts):
            some, mine = states[first : first + rows], own[first : first + rows]
            scores = torch.add(some @ drawn.T, factor)
            hits = slice(bounds[number], bounds[number + 1])
            scores[places[0][hits] - first, places[1][hits]] = -torch.inf
            most = torch.maximum(scores.amax(1, keepdim=True), mine)
            shares = scores.sub_(most).exp_()
            alone = (mine - most).exp()
            sums = shares.sum(1, keepdim=True) + alone
            total += (sums.log() + most - mine).sum()
            shares.div_(sums)
            torch.mm(shares, drawn, out=grad_states[first : first + rows])
            grad_drawn.addmm_(shares.T, some)
            grad_own[first : first + rows] = alone / sums - 1
        ctx.save_for_backward(grad_states.addcmul_(grad_own, true), grad_own * states, grad_drawn)
        return total / max(len(states), 1)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, Tensor, None, None]:
        states, true, drawn = ctx.saved_tensors
        scale = grad / max(len(states), 1)
        return states * scale, true * scale, drawn * scale, None, None


_sampled_softmax: Callable[[Tensor, Tensor, Tensor, tuple[Tensor, Tensor], float], Tensor] = _SampledSoftmax.apply


def sampled_softmax(
    states: Tensor, true: Tensor, others: Tensor, targets: Tensor, drawn: Tensor, number: int
) -> Tensor:
    r"""Mean cross entropy in nats against K items drawn uniformly, shared by the batch (Bengio and Senécal 2008,
    https://doi.org/10.1109/TNN.2007.912312).

    .. math:: -\ln \frac{e^{h \cdot e_t}}{e^{h \cdot e_t} + \frac{V}{K} \sum_{x \in K, x \ne t} e^{h \cdot e_x}}

    The factor V / K makes the sum over the drawn items an unbiased estimate of that over all V.

    Args:
        states: (N, D). true: (N, D) vectors of the true items. others: (K, D) vectors of the drawn ones.
        targets: (N,) the true items. drawn: (K,) the drawn ones.
        number: items V that were drawn from.
    """
    with full_precision(states.device):
        read = states.to(true.dtype)
        return _sampled_softmax(read, true, others, _same(targets, drawn), math.log(number / len(drawn)))


def _same(targets: Tensor, drawn: Tensor) -> tuple[Tensor, Tensor]:
    """Rows and columns at which a drawn item is the true one, by rows."""
    if targets.is_meta:
        return targets[:0], targets[:0]
    few = torch.isin(targets, drawn).nonzero().squeeze(1)
    rows, columns = (targets[few].unsqueeze(1) == drawn).nonzero(as_tuple=True)
    return few[rows], columns


def binary_cross_entropy(states: Tensor, true: Tensor, others: Tensor) -> Tensor:
    r"""SASRec's loss (Kang and McAuley 2018, https://arxiv.org/abs/1808.09781): the true item against items drawn
    uniformly for each target.

    .. math:: -\ln \sigma(h \cdot e_t) - \frac1K \sum_k \ln (1 - \sigma(h \cdot e_k))

    Args:
        states: (N, D). true: (N, D) vectors of the true items. others: (N, K, D) vectors of the drawn ones.
    """
    own = (states * true).sum(1)
    scores = (states.unsqueeze(1) * others).sum(2)
    return F.softplus(-own).mean() + F.softplus(scores).mean()
