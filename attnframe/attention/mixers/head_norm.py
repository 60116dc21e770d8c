"""The norm and the gate after a recurrence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attnframe.attention.mixers.shortcut import as_wide


class HeadNorm(nn.Module):
    r"""Divides what a head has read by its root mean square (Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467),
    and gates it.

    .. math:: y = w \odot x / \sqrt{\mathrm{mean}(x^2) + \epsilon} \odot \mathrm{silu}(g)

    In float32 at least, with w shared by all heads. One autograd node with a backward pass of its own, because on CPU
    the operators one by one pass over memory twice as often.

    Args:
        dim: width V of a head.
        eps: term added to the mean square, above 0.

    Shapes: x (..., V), and g (..., V) or None for no gate, to (..., V).
    """

    def __init__(self, dim: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x: Tensor, gate: Tensor | None) -> Tensor:
        x, gate = as_wide(x), None if gate is None else as_wide(gate)
        weight = self.weight.to(x.dtype)
        if torch.is_grad_enabled() and not torch.compiler.is_compiling():
            apply: Callable[..., Tensor] = _HeadNorm.apply
            return apply(x, gate, weight, self.eps)
        out = F.rms_norm(x, weight.shape, weight, self.eps)
        return out if gate is None else out * F.silu(gate)

    def extra_repr(self) -> str:
        return f"{self.weight.shape[0]}, eps={self.eps}"


class _HeadNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Tensor:
        x, gate, weight, eps = inputs
        norm: Tensor = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
        inverse = norm.square_().div_(x.shape[-1]).add_(eps).rsqrt_()
        unit = x * inverse
        opened = None if gate is None else F.silu(gate)
        ctx.save_for_backward(unit, inverse, weight, gate, opened)
        out: Tensor = unit * weight
        return out if opened is None else out.mul_(opened)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        unit, inverse, weight, gate, opened = ctx.saved_tensors
        grad = outputs[0] if opened is None else outputs[0] * opened
        product = grad * unit
        # d/dx = inverse * (g w - unit * mean(g w unit))
        mean = (product @ weight).unsqueeze(-1) / unit.shape[-1]
        of_x = (grad * weight).addcmul_(unit, mean, value=-1).mul_(inverse)
        of_gate = None
        if gate is not None:
            of_gate = torch.ops.aten.silu_backward((outputs[0] * unit).mul_(weight), gate)
        return of_x, of_gate, product.sum(dim=tuple(range(product.dim() - 1))), None
