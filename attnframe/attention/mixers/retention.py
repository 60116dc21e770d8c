"""Retention."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from attnframe.attention.mixer import Call
from attnframe.attention.mixers.recurrent import RecurrentMixer
from attnframe.attention.recurrence import ScalarDecay
from attnframe.attention.recurrence.fla import Kernel


class RetentionMixer(RecurrentMixer):
    """Retention (Sun et al. 2023, https://arxiv.org/abs/2307.08621): a sum of values weighted by products of queries
    and keys, which fades by a rate that each head has for itself.

    S_t = g_h S_{t-1} + k_t v_t^T,  g_h = 1 - 2^(-5 - h)
    out_t = silu(x_t Wg + b) * rms_norm(S_t^T q_t / sqrt(E))

    for head h = 0..H-1: the first forgets in about 32 tokens, every next one in twice as many. The rates are fixed, and
    no softmax is taken. The paper turns queries and keys by their positions (position=rope).

    Args:
        value_dim: width V of the values.
        chunk: tokens among which pairs are formed, at least 1; None chooses. It changes no result.

    Shapes: query (B, H, T, E), key (B, K, T, E), value (B, K, T, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when `chunk` is below 1.
    """

    recurrence = ScalarDecay()
    kernel = Kernel("fla.ops.simple_gla", "chunk_simple_gla")

    def __init__(self, value_dim: int, chunk: int | None = None) -> None:
        super().__init__(value_dim, gated=True, chunk=chunk)

    def features(self, query: Tensor, key: Tensor) -> tuple[Tensor, Tensor]:
        return query * query.shape[3] ** -0.5, key

    def logits(self, call: Call) -> tuple[Tensor, None]:
        extent = call.extent
        wide = torch.promote_types(call.signals["gate"].dtype, torch.float32)
        head = torch.arange(extent.heads, dtype=wide, device=extent.device)
        return torch.log1p(-torch.exp(-math.log(2) * (5 + head))).view(1, -1, 1, 1), None
