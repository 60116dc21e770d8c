"""Sparse attention in tiles: neighbouring queries with the few keys that their mask can show them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attnframe.attention.backends.base import LARGEST_KEPT, Backend, Pattern, Request, Weighting
from attnframe.attention.backends.tiling import Group, Tiling, indices, lay_out, take
from attnframe.attention.dropout import dropout
from attnframe.attention.mixer import Call, PositionBias, share_heads
from attnframe.attention.normalisers import Softmax
from attnframe.attention.scores import DotScore
from attnframe.masks import Extent, Mask
from attnframe.masks.kept import kept

LARGEST_SHARE = 0.6
"""Of all pairs of a query and a key; where tiles hold more, computing all of them is no slower."""


class Tiles(Backend):
    """Time and memory grow with the pairs that the mask's reach leaves: windows, dilated windows, global tokens, blocks
    and random blocks, joined by ``|``, and anything joined to them by ``&``.

    The keys of each tile are gathered, and tiles are batch rows of the fused kernel, or of plain operations for other
    scores and normalisers. The whole mask is evaluated inside of the tiles.
    """

    name = "tiles"

    def why_not(self, request: Request) -> list[str]:
        reasons = []
        if request.pattern.pairs is None:
            parts = "Window, Dilated, Global, BlockWindow, BlockLayout or RandomBlocks"
            reasons.append(f"the mask has no part that leaves few keys to neighbouring queries ({parts})")
        elif request.pattern.gathered == 0:
            reasons.append("the mask shows no key, so that tiles would be empty")
        if request.queries != request.keys or request.start != 0 or not request.contiguous:
            reasons.append("queries and keys are not the same stretch of one sequence")
        if request.pattern.edges is not None:
            reasons.append("the mask has an Edges term")
        return reasons

    def why_slow(self, request: Request) -> list[str]:
        whole = request.heads * request.queries * request.keys
        share = (request.pattern.pairs or 0) / max(1, whole)
        held = f"{share:.0%} of all" if share < 1 else "all"
        return [] if share <= LARGEST_SHARE else [f"its tiles hold {held} pairs of a query and a key"]

    def memory(self, request: Request) -> int:
        pairs, size = request.pattern.pairs or 0, request.dtype.itemsize
        gathered = 2 * request.head_dim * size * request.pattern.gathered
        fused = request.dot and request.softmax and not request.dropout
        scores = size * (6 if not fused else 1 if request.bias else 0) + 2
        return request.batch * (2 * gathered + pairs * scores)

    def attend(self, query: Tensor, key: Tensor, value: Tensor, call: Call, weighting: Weighting) -> Tensor:
        score = weighting.score
        query, key = score.map_query(query), score.map_key(key)
        pairs = (Pattern.of(call.mask, call.extent).pairs or 0) * call.extent.batch
        tilings = (_lowered if pairs > LARGEST_KEPT else _kept)(call.mask, call.extent)
        parts = [_mix(query, key, value, call, weighting, *tiling) for tiling in tilings]
        if len(parts) == 1:
            return parts[0]
        order = torch.tensor([head for tiling, _ in tilings for head in tiling.heads], device=query.device)
        return torch.cat(parts, dim=1).index_select(1, order.argsort())


def _lowered(mask: Mask, extent: Extent) -> list[tuple[Tiling, list[Tensor]]]:
    """The tiles of a mask, and what it shows in those of each group: (B or 1, N, H' or 1, t or 1, s)."""

    def visible(group: Group, heads: tuple[int, ...]) -> Tensor:
        at, inside = indices(group, heads, extent)
        return mask.allows(at) & inside

    return [(tiling, [visible(group, tiling.heads) for group in tiling.groups]) for tiling in lay_out(mask, extent)]


_kept = kept(_lowered)


def _mix(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    call: Call,
    weighting: Weighting,
    tiling: Tiling,
    visible: Sequence[Tensor],
) -> Tensor:
    """Mixed values (B, H', T, V) of the heads H' of one tiling, from mapped queries and keys."""
    heads, groups = query.shape[1], query.shape[1] // key.shape[1]
    mixed = []
    for group, seen in zip(tiling.groups, visible, strict=True):
        bias = None if call.bias is None else _bias(call.bias, query * weighting.score.scale, group, tiling.heads)
        if len(tiling.heads) == heads:
            mixed.append(_attend(query, key, value, bias, seen, call, weighting, group, tiling.heads))
        else:
            read = [head // groups for head in tiling.heads]
            some = query[:, [*tiling.heads]], key[:, read], value[:, read]
            mixed.append(_attend(*some, bias, seen, call, weighting, group, tiling.heads))
    whole = torch.cat(mixed, dim=1)  # (B, queries of all groups, H', V)
    batch, total, heads, width = whole.shape
    row = torch.arange(batch, device=whole.device).unsqueeze(1) * total
    out = whole.view(batch * total, heads, width).index_select(0, (tiling.slots + row).flatten())
    return out.view(batch, call.extent.queries, heads, width).transpose(1, 2)


def _attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    bias: Tensor | None,
    visible: Tensor,
    call: Call,
    weighting: Weighting,
    group: Group,
    heads: tuple[int, ...],
) -> Tensor:
    """Mixed values (B, N * t, H', V) of the tiles of one group."""
    columns = group.keys[:, :, 0] if group.keys.shape[2] == 1 else group.keys
    rows, keys, values = take(query, group.queries), take(key, columns), take(value, columns)
    visible = visible.expand(query.shape[0], *visible.shape[1:]).flatten(0, 1)  # (B * N, H' or 1, t, s)
    if isinstance(weighting.score, DotScore) and type(weighting.normaliser) is Softmax:
        mixed = _fused(rows, keys, values, visible, bias, weighting)
    else:
        scores = _of_heads(weighting.score, weighting.score.compare, heads, call, rows, keys)
        scores = scores if bias is None else scores + bias
        weights = _of_heads(weighting.normaliser, weighting.normaliser.dense, heads, call, scores, visible)
        weights = dropout(weights, weighting.dropout, weighting.dropout > 0)
        mixed = weights.to(values.dtype) @ share_heads(rows, values)
    return mixed.view(query.shape[0], -1, *mixed.shape[1:]).transpose(2, 3).flatten(1, 2)


def _of_heads(
    part: nn.Module, function: Callable[..., Tensor], heads: tuple[int, ...], call: Call, *given: Tensor
) -> Tensor:
    """A function of some heads (N, H' or 1, r, s). A part that has parameters may have some for each head, so it is
    given all heads, the others as zeros.
    """
    every = call.extent.heads
    if len(heads) == every or not any(True for _ in part.parameters()):
        return function(*given)
    at = torch.tensor(heads, device=given[0].device)
    apart = (x.expand(-1, len(heads), -1, -1) for x in given)
    whole = (x.new_zeros(len(x), every, *x.shape[2:]).index_copy(1, at, x) for x in apart)
    return function(*whole).index_select(1, at)


def _fused(
    rows: Tensor, keys: Tensor, values: Tensor, visible: Tensor, bias: Tensor | None, weighting: Weighting
) -> Tensor:
    empty = ~visible.any(dim=-1, keepdim=True)
    mask = visible | empty
    if bias is not None:
        mask = bias.to(rows.dtype).masked_fill(~mask, float("-inf"))
    out = F.scaled_dot_product_attention(
        rows,
        keys,
        values,
        attn_mask=mask,
        dropout_p=weighting.dropout,
        scale=weighting.score.scale,
        enable_gqa=rows.shape[1] != keys.shape[1],
    )
    return out.masked_fill(empty, 0.0)


def _bias(bias: PositionBias, query: Tensor, group: Group, heads: tuple[int, ...]) -> Tensor:
    """What positions add to the scores (B * N, H', t, s) of some heads; `query` has all heads."""
    batch, last = query.shape[0], query.shape[2] - 1
    row = torch.arange(batch, device=query.device).repeat_interleave(group.queries.shape[1]).unsqueeze(1)
    rows = group.queries.clamp(0, last).expand(batch, -1, -1).flatten(0, 1)
    keys = group.keys.clamp(0, last).expand(batch, -1, -1, -1).flatten(0, 1)  # (B * N, H' or 1, s)
    features = take(query, group.queries)
    if keys.shape[1] == 1:
        return bias.between(features, row, rows, keys[:, 0])[:, [*heads]]
    by_head = [bias.between(features, row, rows, keys[:, i])[:, head] for i, head in enumerate(heads)]
    return torch.stack(by_head, dim=1)
