"""Torch's fused `scaled_dot_product_attention`."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.backends.base import Backend, Pattern, Request, Weighting
from attnframe.attention.mixer import Call
from attnframe.attention.scores import DotScore


class Sdpa(Backend):
    """The fused kernels of torch, for softmax over dot products under any mask.

    Lowered exactly: the causal flag only for a square causal mask, no mask where every key is visible, else a bool
    mask, or a float mask when there is a bias; never a mask together with the flag. Rows without a visible key are
    unmasked and their output is set to 0.
    """

    name = "sdpa"

    def why_not(self, request: Request) -> list[str]:
        reasons = []
        if not request.dot:
            reasons.append(f"the {request.score} score is no dot product of mapped queries and keys")
        if not request.softmax:
            reasons.append(f"its normaliser is softmax, not {request.normaliser}")
        return reasons

    def memory(self, request: Request) -> int:
        pattern = request.pattern
        unmasked = not request.bias and (not pattern.terms or _is_square_causal(request))
        mask = 0 if unmasked else request.queries * request.keys * request.batch * request.dtype.itemsize
        if pattern.terms and pattern.only_padding and not request.bias:
            mask = request.batch * request.keys * request.dtype.itemsize
        heads = request.heads if request.bias else 1
        slow = request.dropout and request.device == "cpu"
        return mask * heads + (4 * request.dense_bytes if slow else 0)

    def attend_all(self, query: Tensor, key: Tensor, value: Tensor, score: DotScore) -> Tensor:
        """`attend` where every query sees every key, without bias and dropout."""
        return F.scaled_dot_product_attention(
            score.map_query(query),
            score.map_key(key),
            value,
            scale=score.scale,
            enable_gqa=query.shape[1] != key.shape[1],
        )

    def attend(self, query: Tensor, key: Tensor, value: Tensor, call: Call, weighting: Weighting) -> Tensor:
        score = weighting.score
        assert isinstance(score, DotScore)
        query, key = score.map_query(query), score.map_key(key)
        extent, pattern = call.extent, Pattern.of(call.mask, call.extent)
        grouped = query.shape[1] != key.shape[1]
        dropout, scale = weighting.dropout, score.scale
        square = extent.queries == extent.keys and extent.key_positions is None and extent.start == 0
        causal = pattern.only_causal and square
        if call.bias is None and (causal or not pattern.terms):
            return F.scaled_dot_product_attention(
                query, key, value, dropout_p=dropout, is_causal=causal, scale=scale, enable_gqa=grouped
            )
        visible: Tensor | None = None
        empty: Tensor | None = None
        if pattern.terms:
            visible = call.visible()
            if pattern.may_hide_all:
                empty = ~visible.any(dim=-1, keepdim=True)
                visible = visible | empty
        mask = visible
        if call.bias is not None:
            bias = call.bias.scores(query * scale).to(query.dtype)
            mask = bias if visible is None else bias.masked_fill(~visible, float("-inf"))
        out = F.scaled_dot_product_attention(
            query, key, value, attn_mask=mask, dropout_p=dropout, scale=scale, enable_gqa=grouped
        )
        return out if empty is None else out.masked_fill(empty, 0.0)


def _is_square_causal(request: Request) -> bool:
    return request.pattern.only_causal and request.queries == request.keys and request.contiguous and request.start == 0
