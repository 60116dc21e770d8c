"""Overlapping spans of a sequence, with a backward pass that adds them up by whole slices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F


def spans(x: Tensor, block: int, span: int, before: int, after: int) -> Tensor:
    """The span of keys or values that goes with each block of queries.

    Args:
        x: (B, K, S, E).
        block: distance of the beginnings of neighbouring spans.
        span: tokens of a span.
        before: tokens of the first span before the sequence. after: of the last one after it. They are 0; together with
            S they must make up whole spans.

    Returns:
        (B * count, K, span, E), where the heads of a token are side by side in memory.
    """
    apply: Callable[..., Tensor] = _Spans.apply
    return apply(x, block, span, before, after)


class _Spans(torch.autograd.Function):
    """Keeps no tensor."""

    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Tensor:
        x, block, span, before, after = inputs
        batch, heads, length, width = x.shape
        ctx.sizes = batch, length, block, span, before
        whole: Tensor = F.pad(x.transpose(1, 2).reshape(batch, length, heads * width), (0, 0, before, after))
        cut = whole.unfold(1, span, block).mT.contiguous()  # (B, count, span, K * E)
        return cut.view(-1, span, heads, width).transpose(1, 2)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        (grad,) = outputs
        batch, length, block, span, before = ctx.sizes
        blocks, heads, _, width = grad.shape
        count, pieces = blocks // batch, -(-span // block)
        by_token = grad.transpose(1, 2).reshape(batch, count, span, heads * width)
        total = grad.new_zeros(batch, (count + pieces - 1) * block, heads * width)
        for piece in range(pieces):
            part = by_token[:, :, piece * block : (piece + 1) * block]
            place = total[:, piece * block : (piece + count) * block].view(batch, count, block, -1)
            place[:, :, : part.shape[2]] += part
        found = total[:, before : before + length].view(batch, length, heads, width).transpose(1, 2)
        return found, None, None, None, None
