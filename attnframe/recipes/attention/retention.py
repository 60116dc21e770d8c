"""Retention."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.recurrent import RecurrentVariant

if TYPE_CHECKING:
    from attnframe.attention.mixers.recurrent import RecurrentMixer


@frozen
class RetentionAttention(RecurrentVariant):
    """Retention (Sun et al. 2023, https://arxiv.org/abs/2307.08621): products of queries and keys that fade with
    distance, without a softmax, in linear time.

    S_t = g_h S_{t-1} + k_t v_t^T,  g_h = 1 - 2^(-5 - h)
    head_h,t = silu(x_t Wg_h + b_h) * rms_norm(S_t^T q_t / sqrt(E))

    The state runs forwards, so attention is causal, and decoding keeps that state alone. The paper adds position=rope.

    Args:
        num_heads: query heads H; must divide the model width.
    """

    name: ClassVar[str] = "retention"
    summary: ClassVar[str] = "a state that fades by a rate of each head, linear time (Sun et al. 2023)"

    def mixer(self, head_dim: int) -> RecurrentMixer:
        from attnframe.attention.mixers import RetentionMixer

        return RetentionMixer(head_dim)
