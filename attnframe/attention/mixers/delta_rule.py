"""The delta rule."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixer import Call
from attnframe.attention.mixers.recurrent import RecurrentMixer
from attnframe.attention.recurrence import DeltaRule
from attnframe.attention.recurrence.fla import Kernel


class DeltaRuleMixer(RecurrentMixer):
    """The delta rule (Schlag et al. 2021, https://arxiv.org/abs/2102.11174; in parallel over chunks Yang et al. 2024,
    https://arxiv.org/abs/2406.06484): a token replaces what the state holds at its key, where linear attention adds to
    it.

    S_t = S_{t-1} + b_t k_t (v_t - S_{t-1}^T k_t)^T,  b_t = sigmoid(x_t w + c)
    out_t = rms_norm(S_t^T q_t / sqrt(E))

    Queries and keys are silu(q) and silu(k) over their lengths, as in the second paper; its convolutions over a few
    neighbours, before the projections are used, are not part of the mixer.

    Args:
        value_dim: width V of the values.
        chunk: tokens among which pairs are formed, at least 1; None chooses. It changes no result.

    Shapes: query (B, H, T, E), key (B, K, T, E), value (B, K, T, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when `chunk` is below 1.
    """

    recurrence = DeltaRule()
    kernel = Kernel("fla.ops.delta_rule", "chunk_delta_rule")

    def __init__(self, value_dim: int, chunk: int | None = None) -> None:
        super().__init__(value_dim, gated=False, chunk=chunk)
        self.signals = {"rate": 1}

    def features(self, query: Tensor, key: Tensor) -> tuple[Tensor, Tensor]:
        return unit(F.silu(query), query.shape[3] ** -0.5), unit(F.silu(key))

    def logits(self, call: Call) -> tuple[None, Tensor]:
        return None, call.signals["rate"]


def unit(x: Tensor, length: float = 1.0) -> Tensor:
    """x (..., E) at a length of its own; 1e-6 is added to the square of the old one, so 0 stays 0."""
    return x * (x.square().sum(dim=-1, keepdim=True) + 1e-6).rsqrt() * length
