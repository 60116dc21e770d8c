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
    """A block: some sequences of a batch and some of their tokens, in one chunk or several of the same size."""

    batch: slice
    rows: slice
    chunks: int = 1

    @property
    def size(self) -> int:
        """Tokens in a chunk."""
        first, last = self.rows.start, self.rows.stop
        return int(last - first) // self.chunks

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
        chunk: tokens among which pairs are formed in a causal call, at least 1.
        rows: tokens in a block, at least 1; causal blocks are whole chunks, and one at least.
        sequences: sequences in a block, at least 1; None for all of a batch. None of the three changes a result.
    """

    query_features: Features
    key_features: Features
    chunk: int
    rows: int
    sequences: int | None = None

    def batches(self, size: int) -> list[slice]:
        """The sequences of a batch, block by block."""
        return [slice(None)] if self.sequences is None else list(_cuts(0, size, self.sequences))

    def parts(self, batch: slice, length: int, *, causal: bool) -> list[Part]:
        """The tokens of some sequences, block by block."""
        if not causal:
            return [Part(batch, rows) for rows in _cuts(0, length, self.rows)]
        whole = length // self.chunk * self.chunk
        found = []
        if whole:
            for rows in _cuts(0, whole, max(1, self.rows // self.chunk) * self.chunk):
                found.append(Part(batch, rows, (rows.stop - rows.start) // self.chunk))
        if whole < length or not found:
            found.append(Part(batch, slice(whole, length)))
        return found

    def is_one_block(self, size: int, length: int, *, causal: bool) -> bool:
        """Whether a batch of sequences of some length is one block."""
        return len(self.batches(size)) == len(self.parts(slice(None), length, causal=causal)) == 1


def _cuts(first: int, last: int, size: int) -> Iterator[slice]:
    """Slices of at most `size`; one that is empty when there is nothing to cut."""
    return (slice(start, min(start + size, last)) for start in range(first, max(first + 1, last), size))


def kernel_means(
    query: Tensor, key: Tensor, value: Tensor, kernel: Kernel, *, causal: bool, sums: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Means of values weighted by products of features.

    out_i = sum_j <f_i, g_j> v_j / sum_j <f_i, g_j>  over all j, or over j <= i when causal

    with features f_i of q_i and g_j of k_j. Without causality all queries share sum_j g_j [v_j, 1]^T; with it that sum
    is carried from chunk to chunk, and pairs are formed within a chunk only. Features exist for one block at a time:
    where there are more, the backward pass makes them anew, from the sums that each chunk began with. Sums are kept in
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
    given = _Given(query, key, value, kernel, causal)
    with full_precision(query.device):
        if kernel.is_one_block(len(query), max(query.shape[2], key.shape[2]), causal=causal):
            return given.means_at_once(sums)
        differentiable = torch.is_grad_enabled() and any(x.requires_grad for x in (query, key, value))
        if differentiable and not torch.compiler.is_compiling():
            apply: Callable[..., tuple[Tensor, Tensor]] = _KernelMeans.apply
            return apply(kernel, causal, sums, query, key, value)
        done = given.means(sums, keep=False)
    return done.out, done.after.detach()


@dataclass(frozen=True)
class _Done:
    """What a forward pass made; letters as in `_Given`.

    Args:
        out: (B, H, T, V).
        inverse: (B, H, T, 1) one over the sum of each query's weights, 0 where that is 0.
        after: (B, K, F, V + 1) sums after the last key.
        kept: what the backward pass reads, when wanted: when causal (N, F, V + 1) sums before the chunks of each block,
            else (b * K, F, V + 1) sums after the last key of each block of sequences.
    """

    out: Tensor
    inverse: Tensor
    after: Tensor
    kept: Sequence[Tensor]


@dataclass(frozen=True)
class _Given:
    """Queries, keys and values, and what is computed from blocks of them.

    A block of c chunks of b sequences is stacked, chunk by chunk, for batched products: N stands for c * b * K, G for
    H / K, and size for the tokens of a chunk.

    Args:
        query: (B, H, T, E). key: (B, K, S, E). value: (B, K, S, V). kernel: the features. causal: see there.
    """

    query: Tensor
    key: Tensor
    value: Tensor
    kernel: Kernel
    causal: bool

    def of_queries(self, part: Part) -> Tensor:
        """Features (N, G * size, F) of some queries."""
        return self.stacked(self.kernel.query_features(part.of(self.query), part), part)

    def of_keys(self, part: Part) -> Tensor:
        """Features (N, size, F) of some keys."""
        return self.stacked(self.kernel.key_features(part.of(self.key), part), part)

    def columns(self, part: Part) -> Tensor:
        """[v, 1] (N, size, V + 1) of some values: the column of ones carries the sums of the weights."""
        return self.stacked(F.pad(as_wide(part.of(self.value)), (0, 1), value=1.0), part)

    def stacked(self, x: Tensor, part: Part) -> Tensor:
        """(b, H, rows, W) of queries as (N, G * size, W), beside the keys that they read; of keys as (N, size, W)."""
        split = self._split(x, part).permute(3, 0, 1, 2, 4, 5)
        return split.reshape(part.chunks * x.shape[0] * self.key.shape[1], -1, x.shape[3])

    def unstacked(self, x: Tensor, part: Part, heads: int) -> Tensor:
        """The inverse of `stacked`, for what has so many heads."""
        spread = self._spread(x, part, heads)
        return spread.reshape(spread.shape[0], heads, part.size * part.chunks, x.shape[2])

    def store(self, x: Tensor, part: Part, into: Tensor) -> None:
        """Write what is stacked to its part of a tensor (B, heads, S, W)."""
        self._split(part.of(into), part).copy_(self._spread(x, part, into.shape[1]))

    def _split(self, x: Tensor, part: Part) -> Tensor:
        """(b, heads, rows, W) as a view (b, K, G, c, size, W)."""
        batch, heads, _, width = x.shape
        kv_heads = self.key.shape[1]
        return x.view(batch, kv_heads, heads // kv_heads, part.chunks, part.size, width)

    def _spread(self, x: Tensor, part: Part, heads: int) -> Tensor:
        """What is stacked as a view (b, K, G, c, size, W)."""
        kv_heads = self.key.shape[1]
        batch = x.shape[0] // (part.chunks * kv_heads)
        split = x.view(part.chunks, batch, kv_heads, heads // kv_heads, part.size, x.shape[2])
        return split.permute(1, 2, 3, 0, 4, 5)

    def like_queries(self, width: int, dtype: torch.dtype) -> Tensor:
        """Room (B, H, T, width), in the order of memory that a projection of all heads reads and writes."""
        batch, heads, length, _ = self.query.shape
        return self.query.new_empty(batch, length, heads, width, dtype=dtype).transpose(1, 2)

    def summed(self, part: Part, first: Tensor | None) -> _Summed:
        """Some keys and their sums, which begin with `first` (b * K, F, V + 1); None for nothing."""
        features, columns = self.of_keys(part), self.columns(part)
        own = torch.bmm(features.mT, columns)
        if first is None:
            first = own.new_zeros(len(own) // part.chunks, *own.shape[1:])
        before = _running(own, first, part.chunks)
        return _Summed(features, columns, before, before[-len(first) :] + own[-len(first) :])

    def causal_totals(self, part: Part, keys: _Summed) -> Tensor:
        """Totals (N, G * size, V + 1) of some queries: over earlier chunks at once, within their own pair by pair."""
        queries = self.of_queries(part)
        pairs = _lower(torch.bmm(queries, keys.features.mT))
        return torch.baddbmm(torch.bmm(pairs, keys.columns), queries, keys.before)

    def means_at_once(self, before: Tensor | None) -> tuple[Tensor, Tensor]:
        """The output, by operators that autograd follows, and the sums after; of one block."""
        first = None if before is None else before.flatten(0, 1)
        (batch,) = self.kernel.batches(len(self.query))
        (part,) = self.kernel.parts(batch, self.key.shape[2], causal=self.causal)
        keys = self.summed(part, first)
        if self.causal:
            totals = self.causal_totals(part, keys)
        else:
            (part,) = self.kernel.parts(batch, self.query.shape[2], causal=False)
            totals = torch.bmm(self.of_queries(part), keys.after)
        # One gradient for both parts, where slices would fill up one of zeros for each.
        means = shares_of(*totals.split_with_sizes([self.value.shape[3], 1], dim=-1))
        out = self.unstacked(means.to(self.value.dtype), part, self.query.shape[1])
        return out, keys.after.detach().view(*self.key.shape[:2], *keys.after.shape[1:])

    def means(self, before: Tensor | None, *, keep: bool) -> _Done:
        """The forward pass, from the sums (B, K, F, V + 1) before it, or None; `keep` sums for the backward pass."""
        width = self.value.shape[3]
        out = self.like_queries(width, self.value.dtype)
        inverse = self.like_queries(1, as_wide(self.value[:0]).dtype)
        after: list[Tensor] = []
        kept: list[Tensor] = []

        def write(totals: Tensor, part: Part) -> None:
            total = totals[..., width:]
            share = shares_of(torch.ones_like(total), total)
            self.store(totals[..., :width] * share, part, out)
            self.store(share, part, inverse)

        for batch in self.kernel.batches(len(self.query)):
            sums = None if before is None else before[batch].flatten(0, 1)
            for part in self.kernel.parts(batch, self.key.shape[2], causal=self.causal):
                keys = self.summed(part, sums)
                sums = keys.after
                if self.causal:
                    write(self.causal_totals(part, keys), part)
                    if keep:
                        kept.append(keys.before)
            assert sums is not None
            after.append(sums.view(-1, self.key.shape[1], *sums.shape[1:]))
            if not self.causal:
                for part in self.kernel.parts(batch, self.query.shape[2], causal=False):
                    write(torch.bmm(self.of_queries(part), sums), part)
                if keep:
                    kept.append(sums)
        return _Done(out, inverse, after[0] if len(after) == 1 else torch.cat(after), kept)


@dataclass(frozen=True)
class _Summed:
    """The keys of a block.

    Args:
        features: (N, size, F). columns: (N, size, V + 1).
        before: (N, F, V + 1) sums over the keys before each chunk. after: (b * K, F, V + 1) after the last.
    """

    features: Tensor
    columns: Tensor
    before: Tensor
    after: Tensor


class _KernelMeans(torch.autograd.Function):
    """Keeps queries, keys, values, output and sums."""

    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> tuple[Tensor, Tensor]:
        ctx.kernel, ctx.causal, sums, query, key, value = inputs
        done = _Given(query, key, value, ctx.kernel, ctx.causal).means(sums, keep=True)
        ctx.save_for_backward(query, key, value, done.out, done.inverse, *done.kept)
        ctx.mark_non_differentiable(done.after)
        return done.out, done.after

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *outputs: Any) -> tuple[Tensor | None, ...]:
        query, key, value, out, inverse, *kept = ctx.saved_tensors
        given = _Given(query, key, value, ctx.kernel, ctx.causal)
        slopes, sums = _Slopes(given, out, inverse, outputs[0]), iter(kept)
        with full_precision(query.device):
            for batch in ctx.kernel.batches(len(query)):
                if ctx.causal:
                    parts = ctx.kernel.parts(batch, key.shape[2], causal=True)
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
        """Fill in the gradients of some sequences, last block first, given the sums before each chunk."""
        last: Tensor | None = None
        for part, first in zip(reversed(parts), reversed(before), strict=True):
            queries, to_queries = self._queries(part)
            features, to_keys = self._keys(part)
            columns, totals = self.given.columns(part), self._of_totals(part)
            own = torch.bmm(queries.mT, totals)
            heads = len(own) // part.chunks
            if last is None:
                last = torch.zeros_like(own[:heads])
            later = _running(own, last, part.chunks, back=True)
            last = later[:heads] + own[:heads]
            pairs, slopes = _lower(torch.bmm(queries, features.mT)), _lower(torch.bmm(totals, columns.mT))
            to_queries(torch.bmm(slopes, features).baddbmm_(totals, first.mT))
            to_keys(torch.bmm(slopes.mT, queries).baddbmm_(columns, later.mT))
            self._to_values(torch.bmm(pairs.mT, totals).baddbmm_(features, later), part)

    def follow_shared(self, batch: slice, sums: Tensor) -> None:
        """Fill in the gradients of some sequences: of queries, then of keys and values; given the sums of all keys."""
        kernel, later = self.given.kernel, torch.zeros_like(sums)
        for part in kernel.parts(batch, self.query.shape[2], causal=False):
            queries, to_queries = self._queries(part)
            totals = self._of_totals(part)
            to_queries(torch.bmm(totals, sums.mT))
            later.baddbmm_(queries.mT, totals)
        for part in kernel.parts(batch, self.key.shape[2], causal=False):
            features, to_keys = self._keys(part)
            to_keys(torch.bmm(self.given.columns(part), later.mT))
            self._to_values(torch.bmm(features, later), part)

    def _of_totals(self, part: Part) -> Tensor:
        """m (N, G * size, V + 1) of some queries: d = gradient / total weight, and minus <d, out>."""
        shares = as_wide(part.of(self.grad)) * part.of(self.inverse)
        last = (shares * part.of(self.out)).sum(dim=-1, keepdim=True).neg_()
        return self.given.stacked(torch.cat([shares, last], dim=-1), part)

    def _queries(self, part: Part) -> tuple[Tensor, Callable[[Tensor], None]]:
        return self._traced(self.given.kernel.query_features, self.given.query, self.query, part)

    def _keys(self, part: Part) -> tuple[Tensor, Callable[[Tensor], None]]:
        return self._traced(self.given.kernel.key_features, self.given.key, self.key, part)

    def _traced(
        self, features_of: Features, x: Tensor, grad: Tensor, part: Part
    ) -> tuple[Tensor, Callable[[Tensor], None]]:
        """Features of a part of x, stacked, and what takes their gradient on to that part of `grad`."""
        with torch.enable_grad():
            leaf = part.of(x).detach().requires_grad_()
            features = features_of(leaf, part)

        def follow(slope: Tensor) -> None:
            slope = self.given.unstacked(slope, part, x.shape[1])
            part.of(grad).copy_(torch.autograd.grad(features, leaf, slope)[0])

        return self.given.stacked(features.detach(), part), follow

    def _to_values(self, slope: Tensor, part: Part) -> None:
        self.given.store(slope[..., :-1], part, self.value)


def _running(own: Tensor, first: Tensor, chunks: int, *, back: bool = False) -> Tensor:
    """Sums over the chunks before each chunk, or with `back` after each, and over `first`.

    Args:
        own: (c * n, F, W) of each chunk. first: (n, F, W). chunks: c.

    Returns:
        (c * n, F, W).
    """
    if chunks == 1:
        return first
    # A product with a triangle of ones: one operator, with a gradient.
    ones = own.new_ones(chunks, chunks)
    triangle = ones.triu(1) if back else ones.tril(-1)
    return torch.addmm(first.reshape(1, -1), triangle, own.view(chunks, -1)).view_as(own)


def _lower(products: Tensor) -> Tensor:
    """Products (N, G * size, size) with 0 where the key stands after the query; in place unless autograd looks."""
    size = products.shape[2]
    squares = products.view(len(products), products.shape[1] // max(1, size), size, size)
    return (squares.tril() if products.requires_grad else squares.tril_()).view_as(products)


def shares_of(parts: Tensor, total: Tensor) -> Tensor:
    """parts / total, and 0 where the total is too small to stand for anything; its gradient is finite."""
    return parts / total.masked_fill(total < SMALLEST_TOTAL, torch.inf)
