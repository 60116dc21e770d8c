"""Gated linear attention."""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn
from torch.nn import functional as F

from attnframe.attention.mixer import Call
from attnframe.attention.mixers.recurrent import RecurrentMixer
from attnframe.attention.projections.base import join_heads, split_heads
from attnframe.attention.recurrence import ChannelDecay
from attnframe.attention.recurrence.channel_decay import STRONGEST
from attnframe.attention.recurrence.fla import Kernel
from attnframe.errors import ConfigurationError, Fault

TEMPERATURE: Final = 16.0
"""What the logarithm of a decay is divided by: states start out by forgetting slowly."""


class GatedLinearMixer(RecurrentMixer):
    """Gated linear attention (Yang et al. 2024, https://arxiv.org/abs/2312.06635): each token says how much of every
    feature of the state is kept.

    S_t = diag(a_t) S_{t-1} + k_t v_t^T,  a_t = sigmoid(x_t W1 W2 + b)^(1/16)
    out_t = silu(x_t Wg + b') * rms_norm(S_t^T q_t / sqrt(E))

    W1 W2 is a map of low rank, of all heads together. No a_t is below exp(-8), which keeps float32 in range; that takes
    a logit below -128.

    Args:
        num_heads: query heads H. head_dim: width E of queries and keys.
        value_dim: width V of the values.
        rank: rank of the decays' map that one head adds, at least 1: H * rank in all.
        chunk: tokens among which pairs are formed, from 1 to 16; None chooses. It changes no result.

    Shapes: query (B, H, T, E), key (B, K, T, E), value (B, K, T, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when `rank` or `chunk` is out of range.
    """

    recurrence = ChannelDecay()
    kernel = Kernel("fla.ops.gla", "chunk_gla")

    def __init__(self, num_heads: int, head_dim: int, value_dim: int, rank: int = 4, chunk: int | None = None) -> None:
        super().__init__(value_dim, gated=True, chunk=chunk)
        found = []
        if rank < 1:
            found.append(Fault("rank (GatedLinearMixer)", "must be at least 1", str(rank)))
        if chunk is not None and chunk > self.recurrence.longest:
            must = f"must be at most {self.recurrence.longest}, so that decays stay in the range of float32"
            found.append(Fault("chunk (GatedLinearMixer)", must, str(chunk)))
        if found:
            raise ConfigurationError(found)
        self.signals = {**self.signals, "decay": rank}
        self.decay_proj = nn.Linear(num_heads * rank, num_heads * head_dim)  # W2 and b

    def features(self, query: Tensor, key: Tensor) -> tuple[Tensor, Tensor]:
        return query * query.shape[3] ** -0.5, key

    def logits(self, call: Call) -> tuple[Tensor, None]:
        return split_heads(self.decay_proj(join_heads(call.signals["decay"])), call.extent.heads), None

    def decay(self, logits: Tensor) -> Tensor:
        return (F.logsigmoid(logits) / TEMPERATURE).clamp(min=STRONGEST)
