"""Query chunks: attention row block by row block, whose backward pass recomputes each block instead of keeping it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from attnframe.attention.backends.base import Pattern
from attnframe.attention.mixer import Call

Attend = Callable[[Tensor, Tensor, Tensor, slice, slice], Tensor]
"""(query rows, key columns, value columns, rows, columns) to the output rows."""


@dataclass(frozen=True)
class Block:
    """Some query rows and the key columns that they may see at most."""

    rows: slice
    columns: slice


def blocks(call: Call, pattern: Pattern, size: int) -> list[Block]:
    """Cut the queries into blocks of `size` rows, each with the span of keys that causal and window terms leave."""
    queries = call.extent.queries
    parts = (slice(first, min(first + size, queries)) for first in range(0, queries, size))
    return [Block(rows, columns_of(call, pattern, rows)) for rows in parts]


def columns_of(call: Call, pattern: Pattern, rows: slice) -> slice:
    """The span of keys that causal and window terms leave to some query rows."""
    extent = call.extent
    first, last = rows.start or 0, extent.queries if rows.stop is None else rows.stop
    low, high = 0, extent.keys
    if extent.key_positions is None:
        if pattern.left is not None:
            low = min(max(0, extent.start + first - pattern.left), extent.keys)
        if pattern.right is not None:
            high = max(low, min(extent.keys, extent.start + last + pattern.right))
    return slice(low, high)


def in_blocks(
    attend: Attend, query: Tensor, key: Tensor, value: Tensor, parts: Sequence[Block], parameters: Sequence[Tensor]
) -> Tensor:
    """Apply `attend` to each block.

    Args:
        attend: a pure function of its tensors, of `parameters` and of the random state.
        query: (B, H, T, E). key: (B, H, S, E). value: (B, H, S, E).
        parts: blocks that cover the query rows in order.
        parameters: tensors that `attend` reads and that want gradients.

    Returns:
        (B, H, T, E).
    """
    if len(parts) == 1:
        return _attend_block(attend, query, key, value, parts[0])
    needs = torch.is_grad_enabled() and any(t.requires_grad for t in (query, key, value, *parameters))
    if not needs:
        return torch.cat([_attend_block(attend, query, key, value, part) for part in parts], dim=2)
    apply: Callable[..., Tensor] = _InBlocks.apply
    return apply(attend, parts, query, key, value, *parameters)


def _attend_block(attend: Attend, query: Tensor, key: Tensor, value: Tensor, part: Block) -> Tensor:
    return attend(query[:, :, part.rows], key[:, :, part.columns], value[:, :, part.columns], part.rows, part.columns)


class _InBlocks(torch.autograd.Function):
    """Keeps only queries, keys, values and the random state; so memory in the backward pass is that of one block."""

    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Tensor:
        ctx.attend, ctx.parts, *tensors = inputs
        query, key, value = tensors[:3]
        ctx.save_for_backward(*tensors)
        ctx.random = _random_state(query.device)
        ctx.autocast = torch.is_autocast_enabled(query.device.type), torch.get_autocast_dtype(query.device.type)
        return torch.cat([_attend_block(ctx.attend, query, key, value, part) for part in ctx.parts], dim=2)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        (grad,) = outputs
        query, key, value, *parameters = ctx.saved_tensors
        device = query.device
        grads = [torch.zeros_like(tensor) for tensor in (query, key, value)]
        parameter_grads: list[Tensor | None] = [None] * len(parameters)
        enabled, dtype = ctx.autocast
        with torch.random.fork_rng([device] if device.type == "cuda" else []), torch.enable_grad():
            _restore(device, ctx.random)
            for part in ctx.parts:
                spans = (part.rows, part.columns, part.columns)
                leaves = [
                    tensor[:, :, span].detach().requires_grad_()
                    for tensor, span in zip((query, key, value), spans, strict=True)
                ]
                with torch.autocast(device.type, dtype=dtype, enabled=enabled):
                    out = ctx.attend(*leaves, part.rows, part.columns)
                found = torch.autograd.grad(out, [*leaves, *parameters], grad[:, :, part.rows], allow_unused=True)
                for total, span, one in zip(grads, spans, found, strict=False):
                    if one is not None:
                        total[:, :, span] += one
                for i, one in enumerate(found[3:]):
                    if one is not None:
                        so_far = parameter_grads[i]
                        parameter_grads[i] = one if so_far is None else so_far + one
        return None, None, *grads, *parameter_grads


def _random_state(device: torch.device) -> Tensor:
    return torch.cuda.get_rng_state(device) if device.type == "cuda" else torch.get_rng_state()


def _restore(device: torch.device, state: Tensor) -> None:
    if device.type == "cuda":
        torch.cuda.set_rng_state(state, device)
    else:
        torch.set_rng_state(state)
