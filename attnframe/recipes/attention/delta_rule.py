"""The delta rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.recurrent import RecurrentVariant

if TYPE_CHECKING:
    from attnframe.attention.mixers.recurrent import RecurrentMixer


@frozen
class DeltaRuleAttention(RecurrentVariant):
    """The delta rule (Schlag et al. 2021, https://arxiv.org/abs/2102.11174; in parallel over chunks Yang et al. 2024,
    https://arxiv.org/abs/2406.06484): a state in which a token replaces what is held at its key, in linear time.

    S_t = S_{t-1} + b_t k_t (v_t - S_{t-1}^T k_t)^T,  b_t = sigmoid(x_t w + c)
    head_h,t = rms_norm(S_t^T q_t / sqrt(E)),  q and k of length 1 after silu

    The state runs forwards, so attention is causal, and decoding keeps that state alone.

    Args:
        num_heads: query heads H; must divide the model width.
    """

    name: ClassVar[str] = "delta_rule"
    summary: ClassVar[str] = (
        "a state in which a token replaces what is held at its key, linear time (Schlag et al. 2021)"
    )

    def mixer(self, head_dim: int) -> RecurrentMixer:
        from attnframe.attention.mixers import DeltaRuleMixer

        return DeltaRuleMixer(head_dim)
