"""Cross entropy over all items, a few targets at a time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

CHUNK: Final = 1 << 20
"""Scores that are held at a time."""


class _FullSoftmax(torch.autograd.Function):
    """The gradients are formed with the loss, chunk by chunk, so that no matrix of all scores is ever held."""

    @staticmethod
    def forward(ctx: Any, states: Tensor, table: Tensor, targets: Tensor) -> Tensor:
        need = torch.is_grad_enabled() or any(ctx.needs_input_grad)
        # On an accelerator few large steps are faster than many small ones.
        rows = max(1, CHUNK * (1 if states.device.type == "cpu" else 64) // len(table))
        total = states.new_zeros((), dtype=torch.float32)
        grad_states = torch.empty_like(states) if need else None
        grad_table = torch.zeros_like(table) if need else None
        for first in range(0, len(states), rows):
            some, true = states[first : first + rows], targets[first : first + rows].unsqueeze(1)
            scores = some @ table.T
            most = scores.amax(1, keepdim=True)
            total += (most - scores.gather(1, true)).sum()
            shares = scores.sub_(most).exp_()
            sums = shares.sum(1, keepdim=True)
            total += sums.log().sum()
            if grad_states is not None and grad_table is not None:
                shares.div_(sums).scatter_add_(1, true, torch.full_like(sums, -1.0))
                torch.mm(shares, table, out=grad_states[first : first + rows])
                grad_table.addmm_(shares.T, some)
        ctx.save_for_backward(grad_states, grad_table)
        return total / max(len(states), 1)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, None]:
        states, table = ctx.saved_tensors
        scale = grad / max(len(states), 1)
        return states * scale, table * scale, None


_full_softmax: Callable[[Tensor, Tensor, Tensor], Tensor] = _FullSoftmax.apply


def full_precision(device: torch.device) -> AbstractContextManager[Any]:
    """A context in which products are not rounded, whatever the trainer's precision."""
    return nullcontext() if device.type == "meta" else torch.autocast(device.type, enabled=False)


def full_softmax(states: Tensor, table: Tensor, targets: Tensor) -> Tensor:
    r"""Mean cross entropy in nats, :math:`\frac1N \sum_i \ln \sum_x e^{h_i \cdot e_x} - h_i \cdot e_{t_i}`.

    The same numbers as `torch.nn.functional.cross_entropy` of ``states @ table.T``, in the memory of a few rows, and in
    the precision of the table even where products are rounded (autocast).

    Args:
        states: (N, D). table: (V, D) one vector for each item. targets: (N,) rows of the table.
    """
    with full_precision(states.device):
        return _full_softmax(states.to(table.dtype), table, targets)
