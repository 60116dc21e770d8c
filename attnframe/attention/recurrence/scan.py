"""States before each chunk, one after another: the only part of a chunked form that is sequential."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def sum_scan(added: Tensor, kept: Tensor | None, first: Tensor | None) -> Tensor:
    """S_{n+1} = kept_n S_n + added_n.

    Args:
        added: (N, B, H, E, V) what each chunk adds.
        kept: (N, B or 1, H or 1, E or 1, 1) what each leaves of the state before it, row by row; None for all.
        first: (B, H, E, V) S_0; None for 0.

    Returns:
        (N + 1, B, H, E, V): the states before the chunks, and after the last.
    """
    if _plain(added, kept, first):
        return _sum_states(added, kept, first)
    apply: Callable[..., Tensor] = _SumScan.apply
    return apply(added, kept, first)


def delta_scan(
    keys: Tensor, targets: Tensor, readers: Tensor, kept: Tensor | None, first: Tensor | None
) -> tuple[Tensor, Tensor]:
    """u_n = targets_n - readers_n S_n,  S_{n+1} = kept_n S_n + keys_n^T u_n.

    Args:
        keys: (N, B, H, C, E). targets: (N, B, H, C, V). readers: (N, B, H, C, E).
        kept: (N, B or 1, H or 1, 1, 1) what each chunk leaves of the state before it; None for all.
        first: (B, H, E, V) S_0; None for 0.

    Returns:
        u (N, B, H, C, V), and the states before the chunks and after the last, (N + 1, B, H, E, V).
    """
    if _plain(keys, targets, readers, kept, first):
        return _delta_states(keys, targets, readers, kept, first)
    apply: Callable[..., tuple[Tensor, Tensor]] = _DeltaScan.apply
    return apply(keys, targets, readers, kept, first)


def _plain(*inputs: Tensor | None) -> bool:
    """Whether nothing needs a gradient, or operators are traced."""
    wants = torch.is_grad_enabled() and any(one is not None and one.requires_grad for one in inputs)
    return not wants or torch.compiler.is_compiling()


def _sum_states(added: Tensor, kept: Tensor | None, first: Tensor | None) -> Tensor:
    states = [torch.zeros_like(added[0]) if first is None else first]
    for n, more in enumerate(added.unbind()):
        states.append(more + states[-1] if kept is None else torch.addcmul(more, states[-1], kept[n]))
    return torch.stack(states)


def _delta_states(
    keys: Tensor, targets: Tensor, readers: Tensor, kept: Tensor | None, first: Tensor | None
) -> tuple[Tensor, Tensor]:
    count, batch, heads, _, width = keys.shape
    keys, readers, targets = (x.flatten(1, 2) for x in (keys, readers, targets))
    factors = [None] * count if kept is None else _by_matrix(kept, batch, heads).unbind()
    state = keys.new_zeros(batch * heads, width, targets.shape[-1]) if first is None else first.flatten(0, 1)
    states, news = [state], []
    for key, target, reader, factor in zip(keys.unbind(), targets.unbind(), readers.unbind(), factors, strict=True):
        new = torch.baddbmm(target, reader, state, alpha=-1)
        state = torch.baddbmm(state if factor is None else state * factor, key.mT, new)
        states.append(state)
        news.append(new)
    found, held = torch.stack(news), torch.stack(states)
    return found.view(count, batch, heads, *found.shape[2:]), held.view(count + 1, batch, heads, *held.shape[2:])


def _by_matrix(kept: Tensor, batch: int, heads: int) -> Tensor:
    """(N, B or 1, H or 1, 1, 1) as (N, B * H, 1, 1)."""
    return kept.expand(-1, batch, heads, -1, -1).flatten(1, 2)


class _SumScan(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Tensor:
        added, kept, first = inputs
        states = _sum_states(added, kept, first)
        ctx.save_for_backward(kept, states)
        ctx.first = first is not None
        return states

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        kept, states = ctx.saved_tensors
        slopes = outputs[0].clone(memory_format=torch.contiguous_format)
        for n in range(len(slopes) - 2, -1, -1):
            slopes[n].add_(slopes[n + 1]) if kept is None else slopes[n].addcmul_(slopes[n + 1], kept[n])
        of_kept = None
        if kept is not None and ctx.needs_input_grad[1]:
            of_kept = (slopes[1:] * states[:-1]).sum_to_size(kept.shape)
        return slopes[1:], of_kept, slopes[0] if ctx.first else None


class _DeltaScan(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> tuple[Tensor, Tensor]:
        keys, targets, readers, kept, first = inputs
        news, states = _delta_states(keys, targets, readers, kept, first)
        ctx.save_for_backward(keys, readers, kept, news, states)
        ctx.first = first is not None
        return news, states

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        keys, readers, kept, news, states = ctx.saved_tensors
        count, batch, heads = keys.shape[:3]
        keys, readers, of_news, slopes = (x.flatten(1, 2) for x in (keys, readers, *outputs))
        of_news = of_news.clone(memory_format=torch.contiguous_format)
        slopes = slopes.clone(memory_format=torch.contiguous_format)
        factors = None if kept is None else _by_matrix(kept, batch, heads)
        for n in range(count - 1, -1, -1):
            after = slopes[n + 1]
            of_news[n].baddbmm_(keys[n], after)
            slopes[n].add_(after) if factors is None else slopes[n].addcmul_(after, factors[n])
            slopes[n].baddbmm_(readers[n].mT, of_news[n], alpha=-1)
        slopes, of_news = (x.view(len(x), batch, heads, *x.shape[2:]) for x in (slopes, of_news))
        of_keys = news @ slopes[1:].mT
        of_readers = (of_news @ states[:-1].mT).neg_()
        of_kept = None
        if kept is not None and ctx.needs_input_grad[3]:
            of_kept = (slopes[1:] * states[:-1]).sum_to_size(kept.shape)
        return of_keys, of_news, of_readers, of_kept, slopes[0] if ctx.first else None
