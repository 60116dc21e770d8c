"""Losses that score a few drawn items instead of all."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

Vectors = Callable[[Tensor], Tensor]


def sampled_softmax(states: Tensor, vectors: Vectors, number: int, targets: Tensor, negatives: int) -> Tensor:
    r"""Mean cross entropy in nats against K items drawn uniformly, shared by the batch (Bengio and Senécal 2008,
    https://doi.org/10.1109/TNN.2007.912312).

    .. math:: -\ln \frac{e^{h \cdot e_t}}{e^{h \cdot e_t} + \frac{V}{K} \sum_{x \in K, x \ne t} e^{h \cdot e_x}}

    The factor V / K makes the sum over the drawn items an unbiased estimate of that over all V.

    Args:
        states: (N, D).
        vectors: from items (...) to their vectors (..., D).
        number: items V, numbered from 1.
        targets: (N,) from 1.
        negatives: K, at least 1.
    """
    drawn = torch.randint(1, number + 1, (negatives,), device=states.device)
    true = (states * vectors(targets)).sum(1, keepdim=True)
    others = F.linear(states, vectors(drawn)) + math.log(number / negatives)
    others = others.masked_fill(drawn == targets.unsqueeze(1), -torch.inf)
    return (torch.cat([true, others], 1).logsumexp(1) - true.squeeze(1)).mean()


def binary_cross_entropy(states: Tensor, vectors: Vectors, number: int, targets: Tensor, negatives: int) -> Tensor:
    r"""SASRec's loss (Kang and McAuley 2018, https://arxiv.org/abs/1808.09781): the true item against items drawn
    uniformly for each target.

    .. math:: -\ln \sigma(h \cdot e_t) - \frac1K \sum_k \ln (1 - \sigma(h \cdot e_k))

    Args:
        states: (N, D).
        vectors: from items (...) to their vectors (..., D).
        number: items V, numbered from 1.
        targets: (N,) from 1.
        negatives: K, at least 1.
    """
    drawn = torch.randint(1, number + 1, (len(targets), negatives), device=states.device)
    true = (states * vectors(targets)).sum(1)
    others = (states.unsqueeze(1) * vectors(drawn)).sum(2)
    return F.softplus(-true).mean() + F.softplus(others).mean()
