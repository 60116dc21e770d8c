"""Inverses of small triangular matrices, many at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import torch
from torch import Tensor

LEAF: Final = 8
"""Size up to which an inverse is a product of powers; beyond, powers of a matrix of ones would lose its digits."""


def unit_lower_inverse(x: Tensor) -> Tensor:
    """(I + L)^-1 for the strictly lower part L of matrices x (..., C, C).

    Halves are inverted and joined, [[A, 0], [B, D]]^-1 = [[A^-1, 0], [-D^-1 B A^-1, D^-1]], by batched products: on CPU
    in a fraction of the time of a triangular solver, which takes one matrix after another.
    """
    flat = x.flatten(0, -3)
    if torch.is_grad_enabled() and x.requires_grad and not torch.compiler.is_compiling():
        apply: Callable[[Tensor], Tensor] = _Inverse.apply
        return apply(flat).view_as(x)
    return _inverse(flat).view_as(x)


def _inverse(x: Tensor) -> Tensor:
    size = x.shape[-1]
    if size <= LEAF:
        return _of_powers(x)
    half = size // 2
    above, below = _inverse(x[:, :half, :half]), _inverse(x[:, half:, half:])
    corner = torch.bmm(below, torch.bmm(x[:, half:, :half], above)).neg_()
    out = x.new_zeros(x.shape)
    out[:, :half, :half] = above
    out[:, half:, :half] = corner
    out[:, half:, half:] = below
    return out


def _of_powers(x: Tensor) -> Tensor:
    """(I - L)(I + L^2)(I + L^4)..., exact because a power of L is 0."""
    power = x.tril(-1).neg_()
    out = torch.eye(x.shape[-1], dtype=x.dtype, device=x.device) + power
    reach = 2
    while reach < x.shape[-1]:
        power = torch.bmm(power, power)
        out = torch.baddbmm(out, out, power)
        reach *= 2
    return out


class _Inverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Tensor:
        out = _inverse(inputs[0])
        ctx.save_for_backward(out)
        return out

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *outputs: Any) -> Tensor:
        (out,) = ctx.saved_tensors
        # The inverse is lower triangular and so are its transposed factors' products below the diagonal.
        return torch.bmm(torch.bmm(out.mT, outputs[0]), out.mT).neg_().tril_(-1)
