"""Gated linear attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.attention.recurrent import RecurrentVariant

if TYPE_CHECKING:
    from attnframe.attention.mixers.recurrent import RecurrentMixer


@frozen
class GatedLinearAttention(RecurrentVariant):
    """Gated linear attention (Yang et al. 2024, https://arxiv.org/abs/2312.06635): a state of which every token says
    how much of each feature is kept, in linear time.

    S_t = diag(a_t) S_{t-1} + k_t v_t^T,  a_t = sigmoid(x_t W1 W2 + b)^(1/16)
    head_h,t = silu(x_t Wg_h + b_h) * rms_norm(S_t^T q_t / sqrt(E))

    The state runs forwards, so attention is causal, and decoding keeps that state alone.

    Args:
        num_heads: query heads H; must divide the model width.
        decay_rank: rank of W1 W2 that one head adds, at least 1; H * decay_rank in all, 16 in the paper.
    """

    name: ClassVar[str] = "gated_linear"
    summary: ClassVar[str] = "a state that fades feature by feature as each token says, linear time (Yang et al. 2024)"

    decay_rank: Annotated[int, AtLeast(1)] = 4

    def mixer(self, head_dim: int) -> RecurrentMixer:
        from attnframe.attention.mixers import GatedLinearMixer

        return GatedLinearMixer(self.num_heads, head_dim, head_dim, self.decay_rank)
