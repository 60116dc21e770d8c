"""Weighted means whose weights are products of features: in time linear in the length, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixers.shortcut import as_wide, full_precision

SMALLEST_TOTAL = 1e-30
"""A query whose weights sum to less sees nothing, or they have underflowed: it gets 0."""


@dataclass(frozen=True)
class Part:
    """Some sequences of a batch and some of their tokens."""

    batch: slice
    rows: slice

    def of(self, x: Tensor) -> Tensor:
        """These of x (B, heads, S, E)."""
        return x[self.batch, :, self.rows]


Features: TypeAlias = Callable[[Tensor, Part], Tensor]
"""Some of the queries or keys, (b, heads, rows, E), and which they are, to their features (b, heads, rows, F), at least
0, in the type that sums are kept in. A pure function; what it reads besides wants no gradient."""


@dataclass(frozen=True)
class Kernel:
    """Which features are multiplied, and how many at a time.

    Args:
        query_features: of queries. key_features: of keys; 0 for a key that is hidden from all.
        rows: tokens in a block, at least 1. sequences: sequences in a block, at least 1; None for all of a batch. They
            change no result.
    """

    query_features: Features
    key_features: Features
    rows: int
    sequences: int | None = None

    def batches(self, size: int) -> list[slice]:
        """The sequences of a batch, block by block."""
        return [slice(None)] if self.sequences is None else list(_cuts(size, self.sequences))

    def is_one_block(self, size: int, length: int) -> bool:
        """Whether a batch of sequences of some length is one block."""
        return length <= self.rows and (self.sequences is None or size <= self.sequences)

    def parts(self, batch: slice, length: int) -> list[Part]:
        """The tokens of some sequences, block by block."""
        return [Part(batch, rows) for rows in _cuts(length, self.rows)]


def _cuts(length: int, size: int) -> Iterator[slice]:
    """Slices of at most `size`; one that is empty when there is nothing to cut."""
    return (slice(first, min(first + size, length)) for first in range(0, max(1, length), size))


def kernel_means(
    query: Tensor, key: Tensor, value: Tensor, kernel: Kernel, *, causal: bool, sums: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Means of values weighted by products of features.

    out_i = sum_j <f_i, g_j> v_j / sum_j <f_i, g_j>  over all j, or over j <= i when causal

    with features f_i of q_i and g_j of k_j. Without causality all queries share sum_j g_j [v_j, 1]^T; with it that sum
    is carried from block to block, and pairs are formed within a block only. Features exist for one block at a time:
    where there are more, the backward pass makes them anew, from the sums that the block began with. Sums are kept in
    float32 at least, under autocast too.

    Args:
        query: (B, H, T, E). key: (B, K, S, E). value: (B, K, S, V).
        kernel: the features.
        causal: whether query i sees the keys 0..i only; then T = S.
        sums: (B, K, F, V + 1) over what came before the first key, without gradient; None for nothing.

    Returns:
        (B, H, T, V), exactly 0 where the weights sum to 0, and the sums (B, K, F, V + 1) after the last key, without
        gradient.
    """
    given = _Given(query, key, value, kernel)
    with full_precision(query.device):
        if kernel.is_one_block(len(query), max(query.shape[2], key.shape[2])):
            return given.means_at_once(causal, sums)
        differentiable = torch.is_grad_enabled() and any(x.requires_grad for x in (query, key, value))
        if differentiable and not torch.compiler.is_compiling():
            apply: Callable[..., tuple[Tensor, Tensor]] = _KernelMeans.apply
            return apply(kernel, causal, sums, query, key, value)
        done = given.means(causal, sums, keep=False)
    return done.out, done.after.detach()


@dataclass(frozen=True)
class _Done:
    """What a forward pass made.

    Args:
        out: (B, H, T, V).
        inverse: (B, H, T, 1) one over the sum of each query's weights, 0 where that is 0.
        after: (B, K, F, V + 1) sums after the last key.
        kept: (b * K, F, V + 1) sums before each block when causal, else after the last key of some sequences; none
            when they were not to be kept.
    """

    out: Tensor
    inverse: Tensor
    after: Tensor
    kept: Sequence[Tensor]


@dataclass(frozen=True)
class _Given:
    """Queries, keys and values, and what is computed from blocks of them; N stands for b * K, G for H / K.

    Args:
        query: (B, H, T, E). key: (B, K, S, E). value: (B, K, S, V). kernel: the features.
    """

    query: Tensor
    key: Tensor
    value: Tensor
    kernel: Kernel

    def of_queries(self, part: Part) -> Tensor:
        """Features (N, G * rows, F) of some queries."""
        return self.by_key_head(self.kernel.query_features(part.of(self.query), part))

    def of_keys(self, part: Part) -> Tensor:
        """Features (N, rows, F) of some keys."""
        return self.by_key_head(self.kernel.key_features(part.of(self.key), part))

    def columns(self, part: Part) -> Tensor:
        """[v, 1] (N, rows, V + 1) of some values: the column of ones carries the sums of the weights."""
        return self.by_key_head(F.pad(as_wide(part.of(self.value)), (0, 1), value=1.0))

    def by_key_head(self, x: Tensor) -> Tensor:
        """(b, H, rows, W) of queries as (N, G * rows, W), beside the keys that they read; of keys as (N, rows, W)."""
        return x.reshape(x.shape[0] * self.key.shape[1], -1, x.shape[3])

    def like_queries(self, width: int, dtype: torch.dtype) -> Tensor:
        """Room (B, H, T, width), in the order of memory that a projection of all heads reads and writes."""
        batch, heads, length, _ = self.query.shape
        return self.query.new_empty(batch, length, heads, width, dtype=dtype).transpose(1, 2)

    def means_at_once(self, causal: bool, before: Tensor | None) -> tuple[Tensor, Tensor]:
        """The output, by operators that autograd follows, and the sums after; of one block."""
        every, width = Part(slice(None), slice(None)), self.value.shape[3]
        queries, features, columns = self.of_queries(every), self.of_keys(every), self.columns(every)
        sums = torch.bmm(features.mT, columns)
        if before is not None:
            sums = sums + before.flatten(0, 1)
        if causal:
            products = torch.bmm(queries, features.mT)
            totals = torch.bmm(_squares(products).tril().view_as(products), columns)
            if before is not None:
                totals = totals + torch.bmm(queries, before.flatten(0, 1))
        else:
            totals = torch.bmm(queries, sums)
        batch, heads, length, _ = self.query.shape
        out = shares_of(totals[..., :width], totals[..., width:]).view(batch, heads, length, width)
        return out.to(self.value.dtype), sums.detach().view(*self.key.shape[:2], *sums.shape[1:])

    def means(self, causal: bool, before: Tensor | None, *, keep: bool) -> _Done:
        """The forward pass, from the sums (B, K, F, V + 1) before it, or None; `keep` sums for the backward pass."""
        width = self.value.shape[3]
        out = self.like_queries(width, self.value.dtype)
        inverse = self.like_queries(1, as_wide(self.value[:0]).dtype)
        after: list[Tensor] = []
        kept: list[Tensor] = []

        def write(totals: Tensor, part: Part) -> None:
            """The means of some queries from their totals (N, G * rows, V + 1)."""
            total = totals[..., width:]
            share = shares_of(torch.ones_like(total), total)
            rows, ones = part.of(out), part.of(inverse)
            rows.copy_((totals[..., :width] * share).view_as(rows))
            ones.copy_(share.view_as(ones))

        for batch in self.kernel.batches(len(self.query)):
            sums = None if before is None else before[batch].flatten(0, 1)
            for part in self.kernel.parts(batch, self.key.shape[2]):
                features, columns = self.of_keys(part), self.columns(part)
                first = features.new_zeros(len(features), features.shape[2], width + 1) if sums is None else sums
                sums = torch.baddbmm(first, features.mT, columns)
                if causal:
                    queries = self.of_queries(part)
                    weights = _lower(torch.bmm(queries, features.mT))
                    write(torch.baddbmm(torch.bmm(weights, columns), queries, first), part)
                    if keep:
                        kept.append(first)
            assert sums is not None
            after.append(sums.view(-1, self.key.shape[1], *sums.shape[1:]))
            if not causal:
                for part in self.kernel.parts(batch, self.query.shape[2]):
                    write(torch.bmm(self.of_queries(part), sums), part)
                if keep:
                    kept.append(sums)
        return _Done(out, inverse, after[0] if len(after) == 1 else torch.cat(after), kept)


class _KernelMeans(torch.autograd.Function):
    """Keeps queries, keys, values, output and sums."""

    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> tuple[Tensor, Tensor]:
        ctx.kernel, ctx.causal, sums, query, key, value = inputs
        with full_precision(query.device):
            done = _Given(query, key, value, ctx.kernel).means(ctx.causal, sums, keep=True)
        ctx.save_for_backward(query, key, value, done.out, done.inverse, *done.kept)
        ctx.mark_non_differentiable(done.after)
        return done.out, done.after

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        query, key, value, out, inverse, *kept = ctx.saved_tensors
        given = _Given(query, key, value, ctx.kernel)
        slopes, sums = _Slopes(given, out, inverse, outputs[0]), iter(kept)
        with full_precision(query.device):
            for batch in ctx.kernel.batches(len(query)):
                if ctx.causal:
                    parts = ctx.kernel.parts(batch, key.shape[2])
                    slopes.follow_causal(parts, [next(sums) for _ in parts])
                else:
                    slopes.follow_shared(batch, next(sums))
        return None, None, None, slopes.query, slopes.key, slopes.value


class _Slopes:
    """The backward pass. With totals n_i = sum_j <f_i, g_j> [v_j, 1] and their gradients m_i:

    df_i = sum_j <m_i, [v_j, 1]> g_j,  dg_j = sum_i <m_i, [v_j, 1]> f_i,  [dv_j, .] = sum_i <f_i, g_j> m_i

    so queries need the sums over g_j [v_j, 1]^T of the keys before them, and keys those over f_i m_i^T of the queries
    after them.

    Args:
        given: what the forward pass was given. out, inverse: what it made.
        grad: (B, H, T, V) gradient of `out`.
    """

    def __init__(self, given: _Given, out: Tensor, inverse: Tensor, grad: Tensor) -> None:
        self.given, self.out, self.inverse, self.grad = given, out, inverse, grad
        self.query, self.key, self.value = (torch.empty_like(x) for x in (given.query, given.key, given.value))

    def follow_causal(self, parts: Sequence[Part], before: Sequence[Tensor]) -> None:
        """Fill in the gradients of some sequences, last block first, given the sums before each."""
        later = torch.zeros_like(before[0])
        for part, first in zip(reversed(parts), reversed(before), strict=True):
            queries, to_queries = self._queries(part)
            features, to_keys = self._keys(part)
            columns, totals = self.given.columns(part), self._of_totals(part)
            weights, slopes = _lower(torch.bmm(queries, features.mT)), _lower(torch.bmm(totals, columns.mT))
            to_queries(torch.bmm(slopes, features).baddbmm_(totals, first.mT))
            to_keys(torch.bmm(slopes.mT, queries).baddbmm_(columns, later.mT))
            self._to_values(torch.bmm(weights.mT, totals).baddbmm_(features, later), part)
            later.baddbmm_(queries.mT, totals)

    def follow_shared(self, batch: slice, sums: Tensor) -> None:
        """Fill in the gradients of some sequences: of queries, then of keys and values; given the sums of all keys."""
        kernel, later = self.given.kernel, torch.zeros_like(sums)
        for part in kernel.parts(batch, self.query.shape[2]):
            queries, to_queries = self._queries(part)
            totals = self._of_totals(part)
            to_queries(torch.bmm(totals, sums.mT))
            later.baddbmm_(queries.mT, totals)
        for part in kernel.parts(batch, self.key.shape[2]):
            features, to_keys = self._keys(part)
            to_keys(torch.bmm(self.given.columns(part), later.mT))
            self._to_values(torch.bmm(features, later), part)

    def _of_totals(self, part: Part) -> Tensor:
        """m (N, G * rows, V + 1) of some queries: d = gradient / total weight, and minus <d, out>."""
        shares = as_wide(part.of(self.grad)) * part.of(self.inverse)
        last = (shares * part.of(self.out)).sum(dim=-1, keepdim=True).neg_()
        return self.given.by_key_head(torch.cat([shares, last], dim=-1))

    def _queries(self, part: Part) -> tuple[Tensor, Callable[[Tensor], None]]:
        return self._traced(self.given.kernel.query_features, self.given.query, self.query, part)

    def _keys(self, part: Part) -> tuple[Tensor, Callable[[Tensor], None]]:
        return self._traced(self.given.kernel.key_features, self.given.key, self.key, part)

    def _traced(
        self, features_of: Features, x: Tensor, grad: Tensor, part: Part
    ) -> tuple[Tensor, Callable[[Tensor], None]]:
        """Features (N, rows, F) of a part of x, and what takes their gradient on to that part of `grad`."""
        with torch.enable_grad():
            leaf = part.of(x).detach().requires_grad_()
            features = features_of(leaf, part)

        def follow(slope: Tensor) -> None:
            part.of(grad).copy_(torch.autograd.grad(features, leaf, slope.view_as(features))[0])

        return self.given.by_key_head(features.detach()), follow

    def _to_values(self, slope: Tensor, part: Part) -> None:
        rows = part.of(self.value)
        rows.copy_(slope[..., :-1].view_as(rows))


def _lower(products: Tensor) -> Tensor:
    """Products (N, G * rows, rows) with 0 where the key stands after the query, in place."""
    _squares(products).tril_()
    return products


def _squares(products: Tensor) -> Tensor:
    """Products (N, G * rows, rows) as (N, G, rows, rows)."""
    size = products.shape[2]
    return products.view(len(products), products.shape[1] // max(1, size), size, size)


def shares_of(parts: Tensor, total: Tensor) -> Tensor:
    """parts / total, and 0 where the total is too small to stand for anything; its gradient is finite."""
    return (parts / total.clamp(min=SMALLEST_TOTAL)).masked_fill(total < SMALLEST_TOTAL, 0.0)
