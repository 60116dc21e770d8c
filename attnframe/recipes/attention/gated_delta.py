"""The gated delta rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.recurrent import RecurrentVariant

if TYPE_CHECKING:
    from attnframe.attention.mixers.recurrent import RecurrentMixer


@frozen
class GatedDeltaAttention(RecurrentVariant):
    """The gated delta rule (Yang, Kautz and Hatamizadeh 2024, https://arxiv.org/abs/2412.06464): a state that fades as
    each token says, and in which the token then replaces what is held at its key, in linear time.

    S_t = a_t S_{t-1} + b_t k_t (v_t - a_t S_{t-1}^T k_t)^T
    a_t = exp(-exp(A) softplus(x_t w + c + c0)),  b_t = sigmoid(x_t w' + c')
    head_h,t = silu(x_t Wg_h + b_h) * rms_norm(S_t^T q_t / sqrt(E)),  q and k of length 1 after silu

    The state runs forwards, so attention is causal, and decoding keeps that state alone.

    Args:
        num_heads: query heads H; must divide the model width.
    """

    name: ClassVar[str] = "gated_delta"
    summary: ClassVar[str] = "the delta rule on a state that fades as each token says, linear time (Yang et al. 2024)"

    def mixer(self, head_dim: int) -> RecurrentMixer:
        from attnframe.attention.mixers import GatedDeltaMixer

        return GatedDeltaMixer(self.num_heads, head_dim)
