"""Weighted means whose weights are products of features: in time linear in the length, block by block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixers.shortcut import as_wide, full_precision

SMALLEST_TOTAL = 1e-30
"""A query whose weights sum to less sees nothing, or they have underflowed: it gets 0."""

Features: TypeAlias = Callable[[Tensor, slice], Tensor]
"""Rows (B, heads, rows, E) of a sequence, and which rows they are, to their features (B, heads, rows, F), at least 0,
in the type that sums are kept in. A pure function; what it reads besides wants no gradient."""


@dataclass(frozen=True)
class Kernel:
    """Which features are multiplied, and how many rows at a time.

    Args:
        query_features: of queries. key_features: of keys; 0 for a key that is hidden from all.
        rows: rows in a block, at least 1; it changes no result.
    """

    query_features: Features
    key_features: Features
    rows: int

    def blocks(self, length: int) -> list[slice]:
        """The rows of a sequence, block by block; one block without rows when there are none."""
        return [slice(first, min(first + self.rows, length)) for first in range(0, max(1, length), self.rows)]


def kernel_means(
    query: Tensor, key: Tensor, value: Tensor, kernel: Kernel, *, causal: bool, sums: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Means of values weighted by products of features.

    out_i = sum_j <f_i, g_j> v_j / sum_j <f_i, g_j>  over all j, or over j <= i when causal

    with features f_i of q_i and g_j of k_j. Without causality all queries share sum_j g_j [v_j, 1]^T; with it that sum
    is carried from block to block, and pairs are formed within a block only. Features exist for one block at a time:
    the backward pass makes them anew, from the sums that the block began with. Sums are kept in float32 at least, under
    autocast too.

    Args:
        query: (B, H, T, E). key: (B, K, S, E). value: (B, K, S, V).
        kernel: the features.
        causal: whether query i sees the keys 0..i only; then T = S.
        sums: (B, K, F, V + 1) over what came before the first key, without gradient; None for nothing.

    Returns:
        (B, H, T, V), exactly 0 where the weights sum to 0, and the sums (B, K, F, V + 1) after the last key, without
        gradient.
    """
    flat = None if sums is None else sums.flatten(0, 1)
    differentiable = torch.is_grad_enabled() and any(x.requires_grad for x in (query, key, value))
    if differentiable and not torch.compiler.is_compiling():
        apply: Callable[..., tuple[Tensor, Tensor]] = _KernelMeans.apply
        out, after = apply(kernel, causal, flat, query, key, value)
    else:
        with full_precision(query.device):
            done = _Given(query, key, value, kernel).means(causal, flat, keep=False)
        out, after = done.out, done.after.detach()
    return out, after.view(*key.shape[:2], *after.shape[1:])


@dataclass(frozen=True)
class _Done:
    """What a forward pass made; N stands for B * K.

    Args:
        out: (B, H, T, V).
        inverse: (B, H, T, 1) one over the sum of each query's weights, 0 where that is 0.
        after: (N, F, V + 1) sums after the last key.
        before: (N, F, V + 1) sums before each block, when causal and they were to be kept.
    """

    out: Tensor
    inverse: Tensor
    after: Tensor
    before: Sequence[Tensor]


@dataclass(frozen=True)
class _Given:
    """Queries, keys and values, and what is computed from blocks of them; N stands for B * K, G for H / K.

    Args:
        query: (B, H, T, E). key: (B, K, S, E). value: (B, K, S, V). kernel: the features.
    """

    query: Tensor
    key: Tensor
    value: Tensor
    kernel: Kernel

    def of_queries(self, rows: slice) -> Tensor:
        """Features (N, G * rows, F) of some queries."""
        return self.by_key_head(self.kernel.query_features(self.query[:, :, rows], rows))

    def of_keys(self, rows: slice) -> Tensor:
        """Features (N, rows, F) of some keys."""
        return self.by_key_head(self.kernel.key_features(self.key[:, :, rows], rows))

    def columns(self, rows: slice) -> Tensor:
        """[v, 1] (N, rows, V + 1) of some values: the column of ones carries the sums of the weights."""
        return F.pad(as_wide(self.value[:, :, rows]), (0, 1), value=1.0).flatten(0, 1)

    def by_key_head(self, x: Tensor) -> Tensor:
        """(B, H, rows, W) of queries as (N, G * rows, W), beside the keys that they read; of keys as (N, rows, W)."""
        return x.reshape(self.key.shape[0] * self.key.shape[1], -1, x.shape[3])

    def like_queries(self, width: int, dtype: torch.dtype) -> Tensor:
        """Room (B, H, T, width), in the order of memory that a projection of all heads reads and writes."""
        batch, heads, length, _ = self.query.shape
        return self.query.new_empty(batch, length, heads, width, dtype=dtype).transpose(1, 2)

    def means(self, causal: bool, sums: Tensor | None, *, keep: bool) -> _Done:
        """The forward pass, from the sums (N, F, V + 1) before it; `keep` those before each block."""
        width = self.value.shape[3]
        out = self.like_queries(width, self.value.dtype)
        inverse = self.like_queries(1, as_wide(self.value[:0]).dtype)
        before: list[Tensor] = []

        def write(totals: Tensor, rows: slice) -> None:
            """The means of some queries from their totals (N, G * rows, V + 1)."""
            total = totals[..., width:]
            share = total.clamp(min=SMALLEST_TOTAL).reciprocal().masked_fill(total < SMALLEST_TOTAL, 0.0)
            inverse[:, :, rows] = share.view_as(inverse[:, :, rows])
            out[:, :, rows] = (totals[..., :width] * share).view_as(out[:, :, rows])

        for rows in self.kernel.blocks(self.key.shape[2]):
            features, columns = self.of_keys(rows), self.columns(rows)
            first = features.new_zeros(len(features), features.shape[2], width + 1) if sums is None else sums
            sums = torch.baddbmm(first, features.mT, columns)
            if causal:
                queries = self.of_queries(rows)
                weights = _lower(torch.bmm(queries, features.mT))
                write(torch.baddbmm(torch.bmm(weights, columns), queries, first), rows)
                if keep:
                    before.append(first)
        assert sums is not None
        if not causal:
            for rows in self.kernel.blocks(self.query.shape[2]):
                write(torch.bmm(self.of_queries(rows), sums), rows)
        return _Done(out, inverse, sums, before)


class _KernelMeans(torch.autograd.Function):
    """Keeps queries, keys, values, output and the sums before each block."""

    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> tuple[Tensor, Tensor]:
        ctx.kernel, ctx.causal, sums, query, key, value = inputs
        with full_precision(query.device):
            done = _Given(query, key, value, ctx.kernel).means(ctx.causal, sums, keep=True)
        ctx.save_for_backward(query, key, value, done.out, done.inverse, *(done.before if ctx.causal else [done.after]))
        ctx.mark_non_differentiable(done.after)
        return done.out, done.after

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        query, key, value, out, inverse, *sums = ctx.saved_tensors
        slopes = _Slopes(_Given(query, key, value, ctx.kernel), out, inverse, outputs[0])
        with full_precision(query.device):
            if ctx.causal:
                slopes.follow_causal(sums)
            else:
                slopes.follow_shared(sums[0])
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

    def follow_causal(self, before: Sequence[Tensor]) -> None:
        """Fill in the gradients, last block first."""
        given = self.given
        later = torch.zeros_like(before[0])
        for rows, first in zip(reversed(given.kernel.blocks(given.key.shape[2])), reversed(before), strict=True):
            queries, to_queries = self._trace(given.kernel.query_features, given.query, self.query, rows)
            features, to_keys = self._trace(given.kernel.key_features, given.key, self.key, rows)
            columns, totals = given.columns(rows), self._of_totals(rows)
            weights, slopes = _lower(torch.bmm(queries, features.mT)), _lower(torch.bmm(totals, columns.mT))
            to_queries(torch.bmm(slopes, features).baddbmm_(totals, first.mT))
            to_keys(torch.bmm(slopes.mT, queries).baddbmm_(columns, later.mT))
            self._to_values(torch.bmm(weights.mT, totals).baddbmm_(features, later), rows)
            later.baddbmm_(queries.mT, totals)

    def follow_shared(self, sums: Tensor) -> None:
        """Fill in the gradients of queries, then those of keys and values."""
        given = self.given
        later = torch.zeros_like(sums)
        for rows in given.kernel.blocks(given.query.shape[2]):
            queries, to_queries = self._trace(given.kernel.query_features, given.query, self.query, rows)
            totals = self._of_totals(rows)
            to_queries(torch.bmm(totals, sums.mT))
            later.baddbmm_(queries.mT, totals)
        for rows in given.kernel.blocks(given.key.shape[2]):
            features, to_keys = self._trace(given.kernel.key_features, given.key, self.key, rows)
            to_keys(torch.bmm(given.columns(rows), later.mT))
            self._to_values(torch.bmm(features, later), rows)

    def _of_totals(self, rows: slice) -> Tensor:
        """m (N, G * rows, V + 1) of some queries: the gradient over the total weight, and minus its mean with `out`."""
        shares = as_wide(self.grad[:, :, rows]) * self.inverse[:, :, rows]
        last = (shares * self.out[:, :, rows]).sum(dim=-1, keepdim=True).neg_()
        return self.given.by_key_head(torch.cat([shares, last], dim=-1))

    def _trace(
        self, features_of: Features, x: Tensor, grad: Tensor, rows: slice
    ) -> tuple[Tensor, Callable[[Tensor], None]]:
        """Features of some rows of x, and a function that takes their gradient on to `grad`."""
        with torch.enable_grad():
            leaf = x[:, :, rows].detach().requires_grad_()
            features = features_of(leaf, rows)

        def follow(slope: Tensor) -> None:
            grad[:, :, rows] = torch.autograd.grad(features, leaf, slope.view_as(features))[0]

        return self.given.by_key_head(features.detach()), follow

    def _to_values(self, slope: Tensor, rows: slice) -> None:
        self.value[:, :, rows] = slope[..., :-1].view_as(self.value[:, :, rows])


def _lower(products: Tensor) -> Tensor:
    """Products (N, G * rows, rows) with 0 where the key stands after the query, in place."""
    size = products.shape[2]
    products.view(len(products), products.shape[1] // max(1, size), size, size).tril_()
    return products
