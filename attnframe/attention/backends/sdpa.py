"""Torch's fused `scaled_dot_product_attention`."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.backends.base import LARGEST_KEPT, Backend, Pattern, Request, Weighting
from attnframe.attention.backends.folding import fold
from attnframe.attention.mixer import Call
from attnframe.attention.scores import DotScore
from attnframe.masks import Extent, Mask
from attnframe.masks.kept import kept

SHORT_KEYS = range(8, 25)
SHORT_WIDTH = 32
"""Numbers of keys, and the greatest E, for which torch's CPU kernel takes 1.1 to 1.8 times as long to train as plain
products: it fills its vectors with what one head has."""


class Sdpa(Backend):
    """The fused kernels of torch, for softmax over dot products under any mask.

    Lowered exactly: the causal flag only for a square causal mask, no mask where every key is visible, else a bool
    mask, or a float mask when there is a bias; never a mask together with the flag. Rows without a visible key are
    unmasked and their output is set to 0. Sinks and causal ALiBi are folded into queries and keys, so the causal flag
    stays.
    """

    name = "sdpa"

    def why_not(self, request: Request) -> list[str]:
        reasons = []
        if not request.dot:
            reasons.append(f"the {request.score} score is no dot product of mapped queries and keys")
        if not request.softmax:
            reasons.append(f"its normaliser is softmax, not {request.normaliser}")
        return reasons

    def why_slow(self, request: Request) -> list[str]:
        plain = not (request.pattern.terms or request.bias or request.sink or request.dropout)
        if plain and request.grad and not request.traced and is_short(request.device, request.keys, request.head_dim):
            return [f"the fused kernel is slow to train with {request.keys} keys of {request.head_dim} features"]
        return []

    def notes(self, request: Request) -> list[str]:
        notes = []
        if request.ramp:
            notes.append("the position bias is folded into features of queries and keys")
        if request.sink:
            notes.append("the sink is folded into one more key")
        return notes

    def memory(self, request: Request) -> int:
        pattern, bias = request.pattern, request.bias and not request.ramp
        unmasked = not bias and (not pattern.terms or _is_square_causal(request))
        mask = 0 if unmasked else request.queries * request.keys * request.batch * request.dtype.itemsize
        if pattern.terms and pattern.only_padding and not bias:
            mask = request.batch * request.keys * request.dtype.itemsize
        heads = request.heads if bias else 1
        slow = request.dropout and request.device == "cpu"
        rows = (request.queries * request.heads + 2 * request.keys * request.kv_heads) * request.batch
        folded = 2 * rows * request.head_dim * request.dtype.itemsize if request.ramp or request.sink else 0
        return mask * heads + folded + (4 * request.dense_bytes if slow else 0)

    def attend_all(self, query: Tensor, key: Tensor, value: Tensor, score: DotScore) -> Tensor:
        """`attend` where every query sees every key, without bias, sink and dropout."""
        query, key = score.map_query(query), score.map_key(key)
        if query.shape[2] == 1:
            return attend_one(query, key, value, score.scale)
        if query.shape[3] != value.shape[3]:
            wide = F.pad(value, (0, query.shape[3] - value.shape[3]))
            return _fused(query, key, wide, scale=score.scale)[..., : value.shape[3]]
        return _fused(query, key, value, scale=score.scale)

    def attend(self, query: Tensor, key: Tensor, value: Tensor, call: Call, weighting: Weighting) -> Tensor:
        folded = fold(query, key, value, call, weighting)
        extent, pattern = call.extent, Pattern.of(call.mask, call.extent)
        square = extent.queries == extent.keys and extent.key_positions is None and extent.start == 0
        causal = pattern.only_causal and square
        bias = None if folded.bias else call.bias
        dropout, scale = weighting.dropout, folded.scale
        if bias is None and (causal or not pattern.terms):
            lead = int(causal and folded.sink)
            query = F.pad(folded.query, (0, 0, lead, 0)) if lead else folded.query  # query i stands beside key i again
            out = _fused(query, folded.key, folded.value, dropout_p=dropout, is_causal=causal, scale=scale)
            return out[:, :, lead:, : folded.width]
        visible: Tensor | None = None
        empty: Tensor | None = None
        if pattern.terms:
            visible, empty = _seen(call, may_hide_all=pattern.may_hide_all and not folded.sink)
        mask = visible
        if bias is not None:
            features = folded.query[..., : query.shape[3]] * weighting.score.scale
            mask = bias.scores(features)
            mask = (mask if scale == weighting.score.scale else mask * (scale / weighting.score.scale)).to(query.dtype)
            mask = mask if visible is None else mask.masked_fill(~visible, float("-inf"))
        if mask is not None and folded.sink:
            mask = F.pad(mask, (1, 0), value=float(mask.dtype == torch.bool))
        out = _fused(folded.query, folded.key, folded.value, attn_mask=mask, dropout_p=dropout, scale=scale)
        out = out[..., : folded.width]
        return out if empty is None else out.masked_fill(empty, 0.0)


def _seen(call: Call, may_hide_all: bool) -> tuple[Tensor, Tensor | None]:
    """Which keys each query sees, and which queries see none and are shown all, where some may."""
    extent = call.extent
    large = extent.batch * extent.heads * extent.queries * extent.keys > LARGEST_KEPT
    if may_hide_all:
        return (_with_empty if large else _kept_with_empty)(call.mask, extent)
    return (_visible if large else _kept_visible)(call.mask, extent), None


def _visible(mask: Mask, extent: Extent) -> Tensor:
    return mask.allows(extent.indices())


def _with_empty(mask: Mask, extent: Extent) -> tuple[Tensor, Tensor]:
    visible = _visible(mask, extent)
    empty = ~visible.any(dim=-1, keepdim=True)
    return visible | empty, empty


_kept_visible, _kept_with_empty = kept(_visible), kept(_with_empty)


def is_short(device: str, keys: int, width: int) -> bool:
    """Whether plain products train faster than the fused kernel where every query sees every key.

    Args:
        device: its type. keys: S. width: E.
    """
    return device == "cpu" and width <= SHORT_WIDTH and keys in SHORT_KEYS


def attend_one(query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
    """Softmax attention of one query, which sees every key, in each head.

    Query heads that share keys become rows of one product, so keys and values are read once and not once a head. Torch
    has no fused kernel for values of another width than keys; its slow one copies them for each query head.

    Args:
        query: (B, H, 1, E). key: (B, K, S, E). value: (B, K, S, V). scale: factor of the products.

    Returns:
        (B, H, 1, V).
    """
    batch, heads, _, width = query.shape
    rows = query.reshape(batch, key.shape[1], heads // key.shape[1], width)
    if width == value.shape[3]:
        mixed = F.scaled_dot_product_attention(rows, key, value, scale=scale)
    else:
        products = rows @ key.transpose(2, 3) * scale
        weights = products.softmax(dim=-1, dtype=torch.promote_types(products.dtype, torch.float32))
        mixed = weights.to(value.dtype) @ value
    return mixed.reshape(batch, heads, 1, value.shape[3])


def _fused(query: Tensor, key: Tensor, value: Tensor, **options: Any) -> Tensor:
    return F.scaled_dot_product_attention(query, key, value, enable_gqa=query.shape[1] != key.shape[1], **options)


def _is_square_causal(request: Request) -> bool:
    return request.pattern.only_causal and request.queries == request.keys and request.contiguous and request.start == 0
