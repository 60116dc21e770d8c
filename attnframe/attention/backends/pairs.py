"""Any function of the two ends of an edge, for some edges at a time, whose backward pass computes them anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import torch
from torch import Tensor

from attnframe.masks.neighbours import Neighbours

CHUNK_BYTES = 2**22
"""Size that the gathered features of one end of some edges are held to."""

PairFunction: TypeAlias = Callable[[Tensor, Tensor, slice], Tensor]
"""(queries (n * B, H, 1, E), keys (n * B, K, 1, E), which n edges) to numbers (n * B, H, 1, 1); edge by edge, and batch
row by batch row within it."""


def over_pairs(
    function: PairFunction, query: Tensor, key: Tensor, edges: Neighbours, parameters: Sequence[Tensor]
) -> Tensor:
    """Apply `function` to the ends of every edge.

    Args:
        function: a pure function of its tensors and of `parameters`.
        query: (B, H, T, E) of the nodes that read. key: (B, K, S, E) of the nodes that are read.
        edges: N of them.
        parameters: tensors that `function` reads and that want gradients.

    Returns:
        (B, H, N).
    """
    apply: Callable[..., Tensor] = _OverPairs.apply
    return apply(function, edges, query, key, *parameters)


class _OverPairs(torch.autograd.Function):
    """Keeps only queries and keys; the gathered features of a chunk live no longer than it."""

    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Tensor:
        function, edges, *tensors = inputs
        query, key = tensors[:2]
        ctx.save_for_backward(*tensors)
        ctx.function, ctx.edges = function, edges
        ctx.autocast = torch.is_autocast_enabled(query.device.type), torch.get_autocast_dtype(query.device.type)
        batch, heads = query.shape[:2]
        near, far = _by_node(query), _by_node(key)
        parts = [
            function(_ends(near, edges.reader[span], query), _ends(far, edges.read[span], key), span)
            for span in _spans(query, edges)
        ]
        found = torch.cat(parts) if parts else query.new_zeros(0)
        return found.view(len(edges), batch, heads).permute(1, 2, 0)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        (grad,) = outputs
        query, key, *parameters = ctx.saved_tensors
        edges, (enabled, dtype) = ctx.edges, ctx.autocast
        near, far = _by_node(query), _by_node(key)
        grads = torch.zeros_like(near), torch.zeros_like(far)
        parameter_grads = [torch.zeros_like(parameter) for parameter in parameters]
        rows = grad.permute(2, 0, 1).flatten(0, 1).contiguous()  # (N * B, H)
        for span in _spans(query, edges):
            indices = edges.reader[span], edges.read[span]
            ends = [
                _ends(flat, index, like).requires_grad_()
                for flat, index, like in zip((near, far), indices, (query, key), strict=True)
            ]
            with torch.enable_grad(), torch.autocast(query.device.type, dtype=dtype, enabled=enabled):
                out = ctx.function(*ends, span)
            here = rows[span.start * len(query) : span.start * len(query) + len(out)].view_as(out)
            found = torch.autograd.grad(out, [*ends, *parameters], here, allow_unused=True)
            for total, index, one in zip(grads, indices, found, strict=False):
                if one is not None:
                    total.index_add_(0, index, one.reshape(len(index), -1))
            for total, one in zip(parameter_grads, found[2:], strict=True):
                if one is not None:
                    total += one
        shaped = [
            total.view(total.shape[0], like.shape[0], like.shape[1], -1).permute(1, 2, 0, 3)
            for total, like in zip(grads, (query, key), strict=True)
        ]
        return None, None, *shaped, *parameter_grads


def _spans(query: Tensor, edges: Neighbours) -> list[slice]:
    """The edges in chunks."""
    batch, heads, _, width = query.shape
    size = max(1, CHUNK_BYTES // max(1, batch * heads * width * query.element_size()))
    return [slice(first, first + size) for first in range(0, len(edges), size)]


def _by_node(x: Tensor) -> Tensor:
    """(B, heads, nodes, E) as (nodes, B * heads * E)."""
    return x.detach().permute(2, 0, 1, 3).flatten(1)


def _ends(flat: Tensor, index: Tensor, like: Tensor) -> Tensor:
    """Picked rows of `_by_node(like)` as (n * B, heads, 1, E)."""
    return flat.index_select(0, index).view(-1, like.shape[1], 1, like.shape[3])
