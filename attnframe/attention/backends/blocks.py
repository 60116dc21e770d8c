"""Window attention in blocks: each block of queries with the span of keys that its windows cover."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.backends.base import Backend, Pattern, Request, Weighting
from attnframe.attention.backends.sdpa import Sdpa
from attnframe.attention.backends.spans import spans
from attnframe.attention.mixer import Call
from attnframe.attention.scores import DotScore
from attnframe.masks.base import Indices

SMALLEST, LARGEST = 64, 512
"""Bounds of the queries of a block. Between them it is half as long as the view: a shorter one has fewer pairs and a
longer one fewer copies."""
LEAST_SPANS = 1.25
"""Below so many spans of keys, computing all pairs is no slower."""


class Blocks(Backend):
    """Time and memory O(T w) for a window of w keys, on the fused kernels.

    Keys and values are gathered so that every block of queries has its own span; the fused kernel then sees blocks as
    batch rows. Every other term of the mask is evaluated inside the spans only.
    """

    name = "blocks"

    def why_not(self, request: Request) -> list[str]:
        reasons = Sdpa().why_not(request)
        if request.sink:
            reasons.append("a sink would be a key outside of the window")
        if request.pattern.left is None or request.pattern.right is None:
            reasons.append(
                "the mask is no conjunction that bounds the view on both sides (Window, or Causal with Window)"
            )
        if request.queries != request.keys or request.start != 0 or not request.contiguous:
            reasons.append("queries and keys are not the same stretch of one sequence")
        if request.pattern.edges is not None:
            reasons.append("the mask has an Edges term")
        return reasons

    def why_slow(self, request: Request) -> list[str]:
        _, span = _sizes(request.pattern)
        few = request.keys < LEAST_SPANS * span
        return [f"{request.keys} keys are fewer than {LEAST_SPANS:g} spans of {span}"] if few else []

    def memory(self, request: Request) -> int:
        block, span = _sizes(request.pattern)
        gathered = 2 * request.kv_heads * request.head_dim * request.dtype.itemsize
        bias = request.heads * request.dtype.itemsize * block if request.bias else 0
        return 2 * -(-request.queries // block) * span * request.batch * (gathered + bias + block)

    def attend(self, query: Tensor, key: Tensor, value: Tensor, call: Call, weighting: Weighting) -> Tensor:
        score, form = weighting.score, weighting.normaliser.fused()
        assert isinstance(score, DotScore)
        assert form is not None
        query, key = score.map_query(query), score.map_key(key)
        pattern = Pattern.of(call.mask, call.extent)
        block, span = _sizes(pattern)
        batch, heads, queries, _ = query.shape
        count = -(-queries // block)
        tail = count * block - queries
        rows = _queries(query, block, tail)
        keys, values = (spans(one, block, span, pattern.left or 0, tail + (pattern.right or 0)) for one in (key, value))
        at, inside = _indices(call, block, span, pattern.left or 0, count)
        mask = call.mask.allows(at) & inside  # (B * count, 1 or H, block, span)
        empty: Tensor | None = None
        if pattern.may_hide_all:
            empty = ~mask.any(dim=-1, keepdim=True)
            mask = mask | empty
        if call.bias is not None:
            bias = call.bias.between(rows * score.scale, at.batch.flatten(1), at.query.flatten(1), at.key.flatten(1))
            mask = (bias / form.temperature).to(query.dtype).masked_fill(~mask, float("-inf"))
        out = F.scaled_dot_product_attention(
            rows,
            keys,
            values,
            attn_mask=mask,
            dropout_p=weighting.dropout,
            scale=score.scale / form.temperature,
            enable_gqa=heads != key.shape[1],
        )
        out = out if empty is None else out.masked_fill(empty, 0.0)
        # The kernel puts out the heads of a token side by side, so this is no copy.
        whole = out.transpose(1, 2).reshape(batch, count * block, heads, -1)
        return whole[:, :queries].transpose(1, 2)


def _sizes(pattern: Pattern) -> tuple[int, int]:
    """Queries in a block, and keys in its span."""
    reach = (pattern.left or 0) + (pattern.right or 0)
    block = max(SMALLEST, min(LARGEST, reach // 2))
    return block, block + reach


def _queries(query: Tensor, block: int, tail: int) -> Tensor:
    """(B, H, T, E) as (B * count, H, block, E)."""
    _, heads, _, width = query.shape
    by_token = query.transpose(1, 2)
    by_token = F.pad(by_token, (0, 0, 0, 0, 0, tail)) if tail else by_token
    return by_token.reshape(-1, block, heads, width).transpose(1, 2)


def _indices(call: Call, block: int, span: int, before: int, count: int) -> tuple[Indices, Tensor]:
    """Index tensors of every block, and True where a key lies inside of the sequence."""
    extent, device = call.extent, call.extent.device
    start = (torch.arange(count, device=device) * block).repeat(extent.batch).view(-1, 1, 1, 1)
    batch = torch.arange(extent.batch, device=device).repeat_interleave(count).view(-1, 1, 1, 1)
    query = (start + torch.arange(block, device=device).view(1, 1, -1, 1)).clamp(max=extent.queries - 1)
    key = start - before + torch.arange(span, device=device)
    inside = (key >= 0) & (key < extent.keys)
    key = key.clamp(0, extent.keys - 1)
    head = torch.arange(extent.heads, device=device).view(1, -1, 1, 1)
    return Indices(batch, head, query, key, query, key), inside
