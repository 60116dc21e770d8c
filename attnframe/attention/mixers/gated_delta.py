"""The gated delta rule."""

from __future__ import annotations

import math
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attnframe.attention.mixer import Call
from attnframe.attention.mixers.delta_rule import unit
from attnframe.attention.mixers.recurrent import RecurrentMixer
from attnframe.attention.recurrence import DeltaRule
from attnframe.attention.recurrence.fla import Kernel

_STRONGEST: Final = -100.0
"""Least logarithm of a decay, of which the exponential is 0 in float32: sums of logarithms keep their digits."""
_RATES, _STEPS = (1.0, 16.0), (1e-3, 1e-1)


class GatedDeltaMixer(RecurrentMixer):
    """The gated delta rule (Yang, Kautz and Hatamizadeh 2024, https://arxiv.org/abs/2412.06464): a token replaces what
    the state holds at its key, after it has let the whole state fade.

    S_t = a_t S_{t-1} + b_t k_t (v_t - a_t S_{t-1}^T k_t)^T
    a_t = exp(-exp(A) softplus(x_t w + c + c0)),  b_t = sigmoid(x_t w' + c')
    out_t = silu(x_t Wg + b) * rms_norm(S_t^T q_t / sqrt(E))

    Queries and keys are silu(q) and silu(k) over their lengths. A and c are learned for each head; exp(A) starts
    between 1 and 16, and the fixed c0 makes the softplus start between 0.001 and 0.1, both drawn from torch's global
    random numbers, as in Mamba 2 (Dao and Gu 2024, https://arxiv.org/abs/2405.21060). The paper's convolutions over a
    few neighbours, before the projections are used, are not part of the mixer.

    Args:
        num_heads: query heads H.
        value_dim: width V of the values.
        chunk: tokens among which pairs are formed, at least 1; None chooses. It changes no result.

    Attributes:
        log_speed: (H,) A. offset: (H,) c0.

    Shapes: query (B, H, T, E), key (B, K, T, E), value (B, K, T, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when `chunk` is below 1.
    """

    recurrence = DeltaRule()
    kernel = Kernel("fla.ops.gated_delta_rule", "chunk_gated_delta_rule")
    offset: Tensor

    def __init__(self, num_heads: int, value_dim: int, chunk: int | None = None) -> None:
        super().__init__(value_dim, gated=True, chunk=chunk)
        self.signals = {**self.signals, "rate": 1, "decay": 1}
        self.log_speed = nn.Parameter(torch.empty(num_heads))
        self.register_buffer("offset", torch.empty(num_heads))
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Draw how fast each head forgets at first."""
        self.log_speed.uniform_(*_RATES).log_()
        low, high = map(math.log, _STEPS)
        step = torch.empty_like(self.offset).uniform_(low, high).exp()
        self.offset.copy_(step + torch.log(-torch.expm1(-step)))  # the inverse of softplus

    def features(self, query: Tensor, key: Tensor) -> tuple[Tensor, Tensor]:
        return unit(F.silu(query), query.shape[3] ** -0.5), unit(F.silu(key))

    def logits(self, call: Call) -> tuple[Tensor, Tensor]:
        return call.signals["decay"], call.signals["rate"]

    def decay(self, logits: Tensor) -> Tensor:
        speed, offset = (x.to(logits.dtype).view(1, -1, 1, 1) for x in (self.log_speed, self.offset))
        return (-speed.exp() * F.softplus(logits + offset)).clamp(min=_STRONGEST)
