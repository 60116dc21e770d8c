"""Scores of edges that look at the sum of the two ends through one hidden layer, with a backward pass of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from attnframe.attention.backends.segments import by_node, wide
from attnframe.masks.neighbours import Neighbours

CHUNK_BYTES = 2**20
"""Size that the hidden layer of some edges is held to, so that what is made of it stays in the processor's cache."""


def edge_forms(
    query: Tensor, key: Tensor, vector: Tensor, activate: Callable[[Tensor], Tensor], edges: Neighbours
) -> Tensor:
    """A linear form of an activation of the sum of the two ends of each edge.

    form = <vector_h, activate(q + k)>

    Args:
        query: (B, H, T, E) of the nodes that read.
        key: (B, K, S, E) of the nodes that are read; head h reads head h // (H / K).
        vector: (H, E).
        activate: elementwise, without parameters.
        edges: N of them.

    Returns:
        (B, H, N).
    """
    apply: Callable[..., Tensor] = _EdgeForms.apply
    return apply(query, key, vector, activate, edges)


class _EdgeForms(torch.autograd.Function):
    """Keeps only queries and keys; the hidden layer of a chunk lives no longer than it, and is computed anew."""

    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Tensor:
        query, key, vector, activate, edges = inputs
        ctx.save_for_backward(query, key, vector)
        ctx.activate, ctx.edges = activate, edges
        out: Tensor = query.new_empty(*query.shape[:2], len(edges))
        for b, span, total in _totals(query, key, edges):
            out[b, :, span] = activate(total).mul_(wide(vector)).sum(-1).T
        return out

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        (grad,) = outputs
        query, key, vector = ctx.saved_tensors
        edges: Neighbours = ctx.edges
        heads, groups, width = query.shape[1], key.shape[1], query.shape[3]
        of_query, of_key = (wide(by_node(x)).new_zeros(len(x), x.shape[2], x[0, :, 0].numel()) for x in (query, key))
        of_vector = torch.zeros_like(wide(vector))
        for b, span, total in _totals(query, key, edges):
            with torch.enable_grad():
                hidden = ctx.activate(total.requires_grad_())
            slope = wide(grad[b, :, span].T).contiguous().unsqueeze(-1)  # (n, H, 1)
            (found,) = torch.autograd.grad(hidden, total, torch.mul(slope, wide(vector)))  # (n, H, E)
            of_vector += hidden.detach().mul_(slope).sum(0)
            of_query[b].index_add_(0, edges.reader[span], found.flatten(1))
            shared = found if groups == heads else found.view(-1, groups, heads // groups, width).sum(2)
            of_key[b].index_add_(0, edges.read[span], shared.flatten(1))
        return (
            of_query.view(*of_query.shape[:2], heads, width).transpose(1, 2).to(query.dtype),
            of_key.view(*of_key.shape[:2], groups, width).transpose(1, 2).to(key.dtype),
            of_vector.to(vector.dtype),
            None,
            None,
        )


def _totals(query: Tensor, key: Tensor, edges: Neighbours) -> Iterator[tuple[int, slice, Tensor]]:
    """Sums (n, H, E) of the two ends of some edges, batch row by batch row; their memory is used again."""
    heads, groups, width = query.shape[1], key.shape[1], query.shape[3]
    near, far = (by_node(x).flatten(2) for x in (query, key))
    size = max(1, CHUNK_BYTES // max(1, heads * width * query.element_size()))
    for b in range(len(query)):
        for first in range(0, len(edges), size):
            span = slice(first, first + size)
            ours, theirs = near[b].index_select(0, edges.reader[span]), far[b].index_select(0, edges.read[span])
            count = len(ours)
            total = wide(ours).view(count, groups, heads // groups, width)
            yield b, span, total.add_(theirs.view(count, groups, 1, width)).view(count, heads, width)
