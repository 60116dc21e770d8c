"""Products over the edges of a graph, and softmax over each node's edges, with backward passes of their own.

Letters: N edges in the order of `Neighbours`, B batch rows, H heads, K key-value heads, T nodes that read, S nodes that
are read. None of them makes an (N, H, E) tensor: sums of values are gathered and added in one kernel, and dot products
are taken for a few edges at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.normalisers.base import widened
from attnframe.masks.neighbours import Neighbours

CHUNK_BYTES = 2**20
"""Size that the gathered features of some edges are held to, so that they stay in the processor's cache."""

FEW = 2**18
"""Weights up to this many are summed by one call for all batch rows and heads."""


def picked(x: Tensor, index: Tensor) -> Tensor:
    """The numbers (B, H, N) of picked nodes or edges from those of all, (B, H, M)."""
    # The kernel for two axes is many times as fast as that for three.
    return x.flatten(0, 1).index_select(1, index).view(*x.shape[:2], -1)


def edge_dots(left: Tensor, right: Tensor, edges: Neighbours) -> Tensor:
    """The dot product of the two ends of each edge.

    Args:
        left: (B, H, T, E) of the nodes that read.
        right: (B, K, S, E) of the nodes that are read; head h reads head h // (H / K).
        edges: N of them.

    Returns:
        (B, H, N).
    """
    apply: Callable[..., Tensor] = _EdgeDots.apply
    return apply(left, right, edges)


def edge_sums(weights: Tensor, values: Tensor, edges: Neighbours) -> Tensor:
    """The weighted sum of the values that each node reads; 0 for a node that reads none.

    Args:
        weights: (B, H, N).
        values: (B, K, S, V) of the nodes that are read; head h reads head h // (H / K).
        edges: N of them.

    Returns:
        (B, H, T, V).
    """
    apply: Callable[..., Tensor] = _EdgeSums.apply
    return apply(weights, values, edges)


def edge_softmax(scores: Tensor, edges: Neighbours) -> Tensor:
    """Softmax of scores (B, H, N) over the edges of each node that reads; the gradient needs the weights only."""
    apply: Callable[..., Tensor] = _EdgeSoftmax.apply
    return apply(widened(scores), edges).to(scores.dtype)


class _EdgeDots(torch.autograd.Function):
    """Its gradients are edge sums."""

    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Tensor:
        left, right, edges = _two(inputs)
        ctx.save_for_backward(left, right)
        ctx.edges = edges
        batch, heads, _, width = left.shape
        groups = right.shape[1]
        near, far = (by_node(x).flatten(2) for x in (left, right))
        out = left.new_empty(batch, heads, len(edges))
        rows = max(1, CHUNK_BYTES // max(1, heads * width * left.element_size()))
        # Memory that is used again stays in the cache, and a fresh piece for each chunk would cost more than the sums.
        rooms = [x.new_empty(min(rows, len(edges)), x.shape[2]) for x in (near, far)]
        for b in range(batch):
            for first in range(0, len(edges), rows):
                span = slice(first, first + rows)
                reader, read = edges.reader[span], edges.read[span]
                count = len(reader)
                ours = torch.index_select(near[b], 0, reader, out=rooms[0][:count])
                theirs = torch.index_select(far[b], 0, read, out=rooms[1][:count])
                ours = wide(ours).view(count, groups, heads // groups, width)
                out[b, :, span] = ours.mul_(theirs.view(count, groups, 1, width)).sum(-1).view(count, heads).T
        return out

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        (grad,) = outputs
        left, right = ctx.saved_tensors
        grads: list[Tensor | None] = [None, None]
        if ctx.needs_input_grad[0]:
            grads[0] = edge_sums(grad, right, ctx.edges)
        if ctx.needs_input_grad[1]:
            grads[1] = _turned_sums(grad, left, ctx.edges, right.shape[1])
        return *grads, None


class _EdgeSums(torch.autograd.Function):
    """Its gradients are edge dots, and edge sums over the edges turned round."""

    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Tensor:
        weights, values, edges = _two(inputs)
        ctx.save_for_backward(weights, values)
        ctx.edges = edges
        weights, features = weights.detach().contiguous(), by_node(values)
        if weights.numel() <= FEW:
            return _sums_at_once(weights, features, edges)
        batch, heads, _ = weights.shape
        groups = heads // features.shape[2]
        out = features.new_empty(batch, edges.readers, heads, features.shape[3])
        for b in range(batch):
            for h in range(heads):
                out[b, :, h] = _bags(features[b, :, h // groups], edges.read, edges.pointers, weights[b, h])
        return out.transpose(1, 2)

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        (grad,) = outputs
        weights, values = ctx.saved_tensors
        grads: list[Tensor | None] = [None, None]
        if ctx.needs_input_grad[0]:
            grads[0] = edge_dots(grad, values, ctx.edges)
        if ctx.needs_input_grad[1]:
            grads[1] = _turned_sums(weights, grad, ctx.edges, values.shape[1])
        return *grads, None


class _EdgeSoftmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Tensor:
        scores: Tensor = inputs[0]
        edges: Neighbours = inputs[1]
        # `segment_reduce` reads by the strides of a contiguous tensor, which are any number along an axis of size 1.
        flat = scores.flatten().view(scores.shape[0] * scores.shape[1], scores.shape[2])  # (B * H, N)
        pointers = edges.pointers.expand(len(flat), -1).contiguous()
        top = torch.segment_reduce(flat.detach(), "max", offsets=pointers, axis=1)
        weights = (flat - top.index_select(1, edges.reader)).exp_()
        weights.div_(_totals(weights, edges).index_select(1, edges.reader))
        weights = weights.view_as(scores)
        ctx.save_for_backward(weights)
        ctx.edges = edges
        return weights

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        (grad,) = outputs
        (weights,) = ctx.saved_tensors
        part = grad * weights
        shared = _totals(part.flatten(0, 1), ctx.edges).index_select(1, ctx.edges.reader)
        return part - weights * shared.view_as(weights), None


def _sums_at_once(weights: Tensor, features: Tensor, edges: Neighbours) -> Tensor:
    """Weighted sums (B, H, T, V) of features (B, S, K, V) as if batch rows and heads were one large graph: fewer calls,
    and indices for every weight.
    """
    batch, heads, count = weights.shape
    _, nodes, groups, width = features.shape
    device = weights.device
    row = torch.arange(batch, device=device).view(-1, 1, 1) * (nodes * groups)
    head = torch.arange(heads, device=device).view(-1, 1) // (heads // groups)
    read = row + head + edges.read * groups  # (B, H, N)
    starts = torch.arange(batch * heads, device=device).unsqueeze(1) * count + edges.pointers[:-1]
    pointers = F.pad(starts.flatten(), (0, 1), value=weights.numel())
    out = _bags(features.flatten(0, 2), read.flatten(), pointers, weights.flatten())
    return out.view(batch, heads, edges.readers, width)


def _bags(features: Tensor, read: Tensor, pointers: Tensor, weights: Tensor) -> Tensor:
    """Weighted sums (T, V) of the rows of features (S, V), without gradient."""
    return torch.embedding_bag(features, read, pointers, False, 0, False, weights, True)[0]


def _two(inputs: Sequence[Any]) -> tuple[Tensor, Tensor, Neighbours]:
    """Names the types of what a function was applied to."""
    first, second, edges = inputs
    return first, second, edges


def _turned_sums(weights: Tensor, values: Tensor, edges: Neighbours, kv_heads: int) -> Tensor:
    """Weighted sums (B, K, S, V) over the nodes that read, for each node that is read; heads that share are added."""
    turned = edges.turned
    sums = edge_sums(picked(weights, turned.order), values, turned)  # (B, H, S, V)
    batch, _, size, width = sums.shape
    return sums if sums.shape[1] == kv_heads else sums.view(batch, kv_heads, -1, size, width).sum(2)


def _totals(values: Tensor, edges: Neighbours) -> Tensor:
    """Sums (M, T) of values (M, N) over the edges of each node that reads."""
    return values.new_zeros(len(values), edges.readers).index_add(1, edges.reader, values)


def by_node(x: Tensor) -> Tensor:
    """(B, heads, nodes, E) as (B, nodes, heads, E), the features of a node side by side."""
    return x.detach().transpose(1, 2).contiguous()


def wide(x: Tensor) -> Tensor:
    """Half precision as float32, which products are summed in."""
    return x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
