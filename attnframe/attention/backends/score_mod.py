"""What is done to one score after the dot product, as a function of one query and one key: torch's `score_mod`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import Tensor

from attnframe.attention.backends.base import Weighting
from attnframe.attention.mixer import Call, PositionBias
from attnframe.attention.scores import DotScore, SoftCap
from attnframe.masks.shapes import look_up
from attnframe.positions import Alibi, T5Bias
from attnframe.positions.shapes import require_order

ScoreMod: TypeAlias = Callable[[Tensor, Tensor, Tensor, Tensor, Tensor], Tensor]
"""(score, batch row, head, query row, key row), each of rank 0, to a score."""
BiasMod: TypeAlias = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""(batch row, head, query row, key row), each of rank 0, to what positions add to the score."""


def has_score_mod(bias: PositionBias | None) -> bool:
    """Whether a position bias is such a function: ALiBi and T5's table, and no class derived from them."""
    return bias is not None and type(bias.module) in _BIASES


def is_capped_dot(score: object) -> bool:
    """Whether a score is a soft cap of a dot product."""
    return type(score) is SoftCap and isinstance(score.inner, DotScore)


def score_mod(call: Call, weighting: Weighting, dtype: torch.dtype) -> tuple[float, ScoreMod | None]:
    """The factor of the dot products, and the function that follows; None when nothing does.

    score_mod(s) = (cap * tanh(s / cap) + bias) / temperature

    Args:
        call: the position bias, one that `has_score_mod`. weighting: the score, and a normaliser with a fused form.
        dtype: of queries and keys.
    """
    score, form = weighting.score, weighting.normaliser.fused()
    assert form is not None
    cap = score.cap if isinstance(score, SoftCap) else None
    bias = None if call.bias is None else _bias_mod(call.bias, torch.promote_types(dtype, torch.float32))
    temperature = form.temperature
    if cap is None and bias is None:
        return score.scale / temperature, None

    def change(score: Tensor, batch: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        if cap is not None:
            score = torch.tanh(score / cap) * cap
        if bias is not None:
            score = score + bias(batch, head, query, key)
        return score if temperature == 1 else score / temperature

    return score.scale, change


def _bias_mod(bias: PositionBias, dtype: torch.dtype) -> BiasMod:
    for positions in (bias.query_positions, bias.key_positions):
        require_order(positions, type(bias.module).__name__, integer=type(bias.module) is T5Bias)
    return _BIASES[type(bias.module)](bias, dtype)


def _alibi(bias: PositionBias, dtype: torch.dtype) -> BiasMod:
    assert isinstance(bias.module, Alibi)
    queries, keys = bias.query_positions, bias.key_positions
    slopes = bias.module.slopes(keys.device)

    def falls(batch: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        distance = (look_up(queries, batch, query) - look_up(keys, batch, key)).abs()
        return (-slopes[head] * distance).to(dtype)

    return falls


def _t5(bias: PositionBias, dtype: torch.dtype) -> BiasMod:
    module = bias.module
    assert isinstance(module, T5Bias)
    queries, keys = bias.query_positions, bias.key_positions
    low, high = -module.max_distance, 0 if module.causal else module.max_distance
    offsets = torch.arange(low, high + 1, device=keys.device).unsqueeze(0)
    table = module.bias(offsets.new_zeros(1, 1), offsets)[0, :, 0].to(dtype)  # (H, high - low + 1)

    def stands(batch: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        offset = look_up(keys, batch, key) - look_up(queries, batch, query)
        return table[head, offset.clamp(low, high) - low]

    return stands


_BIASES: dict[type, Callable[[PositionBias, torch.dtype], BiasMod]] = {Alibi: _alibi, T5Bias: _t5}
