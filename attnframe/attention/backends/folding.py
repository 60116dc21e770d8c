"""Folding: what a fused kernel has no argument for, written as features of queries and keys of its own.

A kernel computes softmax(scale <q, k>) v. Linear position biases become more features, a sink becomes one more key
whose value is 0. Both are exact, and no (T, S) tensor is made.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.backends.base import Weighting
from attnframe.attention.mixer import Call
from attnframe.attention.scores import DotScore
from attnframe.masks import Causal, terms
from attnframe.positions.alibi import Alibi

_HALVES = (torch.float16, torch.bfloat16)
_REACH = {torch.float16: 2**13, torch.bfloat16: 2**16}
"""Distances up to which positions and their products are numbers of the type, in parts."""


@dataclass(frozen=True)
class Folded:
    """Inputs of a fused kernel.

    Args:
        query: (B, H, T, F). key: (B, K, S, F), with one more in front where there is a sink. value: (B, K, S, V),
            likewise.
        scale: factor of the dot products.
        width: width of the values that were handed in; the kernel's may be wider, by zeros.
        sink: whether there is a sink, which every query may attend.
        bias: whether the position bias is in the features.
    """

    query: Tensor
    key: Tensor
    value: Tensor
    scale: float
    width: int
    sink: bool
    bias: bool


def fold(query: Tensor, key: Tensor, value: Tensor, call: Call, weighting: Weighting) -> Folded:
    """Map queries and keys, and fold bias and sink into them as far as that is exact.

    Args:
        query: (B, H, T, E). key: (B, K, S, E). value: (B, K, S, V).
        call: the rest. weighting: a dot score, and a normaliser that has a fused form.
    """
    score, form = weighting.score, weighting.normaliser.fused()
    assert isinstance(score, DotScore)
    assert form is not None
    query, key = score.map_query(query), score.map_key(key)
    scale, width = score.scale / form.temperature, value.shape[3]
    features: list[tuple[Tensor, Tensor]] = []
    sink = None if form.sink is None else _numbers(form.sink, query) / scale  # (H, 1, 1) or (1, 1, 1)
    ramp = is_ramp(call, query.dtype)
    if ramp:
        assert call.bias is not None
        features = _ramp(call, score.scale, query.dtype)
        if sink is not None:
            sink = sink + _rise(call, score.scale)
    if sink is not None:
        key, value = F.pad(key, (0, 0, 1, 0)), F.pad(value, (0, 0, 1, 0))
        features = [(of_query, F.pad(of_key, (0, 0, 1, 0))) for of_query, of_key in features]
        first = F.pad(key.new_ones(1, 1, 1, 1), (0, 0, 0, key.shape[2] - 1))  # 1 for the sink, 0 for the keys
        features += [(part, first) for part in _parts(sink, query.dtype, 3)]
    query, key = _with(query, [one for one, _ in features]), _with(key, [other for _, other in features])
    if query.shape[3] > value.shape[3] and query.shape[2] > 1:  # Fused kernels want one width; a lone query needs none.
        value = F.pad(value, (0, query.shape[3] - value.shape[3]))
    return Folded(query, key, value, scale, width, sink is not None, ramp)


def is_ramp(call: Call, dtype: torch.dtype) -> bool:
    """Whether the bias of every visible pair is that of the key alone, up to a number for each query.

    So it is for ALiBi where no visible key stands after its query: -slope |p - r| is slope r, less slope p.
    """
    bias, extent = call.bias, call.extent
    if bias is None or not isinstance(bias.module, Alibi) or not any(isinstance(t, Causal) for t in terms(call.mask)):
        return False
    if extent.queries != extent.keys or extent.start != 0 or extent.key_positions is not None:
        return False
    at, of = bias.query_positions, bias.key_positions
    if torch.compiler.is_compiling() or at.is_meta or at.dim() != 2 or (at is not of and not torch.equal(at, of)):
        return False
    in_order, reach = (at[:, 1:] >= at[:, :-1]).all(), (at[:, -1:] - at[:, :1]).amax()
    return bool(in_order & (reach <= _REACH.get(dtype, math.inf)))


def _numbers(sink: Tensor | float, like: Tensor) -> Tensor:
    """A logit for each head, or one, in a type of many digits, shaped to broadcast to (B, H, T, 1)."""
    wide = torch.promote_types(like.dtype, torch.float32)
    if isinstance(sink, Tensor):
        return sink.to(wide).view(-1, 1, 1)
    return torch.full((1, 1, 1), sink, dtype=wide, device=like.device)


def _slopes(call: Call, scale: float) -> Tensor:
    """Slopes (H, 1, 1) in units of a product before it is scaled."""
    assert call.bias is not None
    assert isinstance(call.bias.module, Alibi)
    return call.bias.module.slopes(call.bias.key_positions.device).view(-1, 1, 1).double() / scale


def _rise(call: Call, scale: float) -> Tensor:
    """What `_ramp` adds for a key that stands where the query does, (B or 1, H, T, 1)."""
    return _slopes(call, scale) * _centred(call).unsqueeze(-1).unsqueeze(1)


def _centred(call: Call) -> Tensor:
    """Positions (B or 1, S) less their middle, since sums of smaller numbers are rounded less."""
    assert call.bias is not None
    positions = call.bias.key_positions
    if positions.dtype.is_floating_point:
        return positions - (positions[:, :1] + positions[:, -1:]) / 2
    return positions - (positions[:, :1] + positions[:, -1:]) // 2


def _ramp(call: Call, scale: float, dtype: torch.dtype) -> list[tuple[Tensor, Tensor]]:
    """Features whose products sum to slope times position of the key.

    In half precision a slope is the sum of three numbers and a position that of two: with one number for the position a
    score would be off by 2 at position 4,096.
    """
    slopes = _parts(_slopes(call, scale), dtype, 3)
    places = _parts(_centred(call)[:, None, :, None], dtype, 2)
    return [(slope, place) for slope in slopes for place in places]


def _parts(x: Tensor, dtype: torch.dtype, count: int) -> list[Tensor]:
    """Numbers of a type whose sum is x: x itself, or `count` of half precision."""
    if dtype not in _HALVES:
        return [x.to(dtype)]
    rest, parts = x.to(torch.promote_types(x.dtype, torch.float32)), []
    for _ in range(count):
        parts.append(rest.to(dtype))
        rest = rest - parts[-1].to(rest.dtype)
    return parts


def _with(x: Tensor, features: Sequence[Tensor]) -> Tensor:
    """x (B, heads, T, E) with more features, each broadcastable to (B, heads, T, 1)."""
    if not features:
        return x
    return torch.cat([x, *(feature.expand(*x.shape[:3], 1) for feature in features)], dim=-1)
