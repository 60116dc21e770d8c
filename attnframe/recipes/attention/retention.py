"""Retention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@dataclass(frozen=True, kw_only=True)
class RetentionAttention(AttentionVariant):
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
    capabilities: ClassVar[Capabilities] = Capabilities(
        noncausal=False,
        cross=False,
        edges=False,
        masks=frozenset({"padding", "documents"}),
        bias=False,
        weights="implied",
        cache="recurrent",
        dropout=False,
        exact=False,
        shares=False,
        equivariant=False,
        cost="n",
    )

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import RetentionMixer

        mixer = RetentionMixer(dim // self.num_heads)
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
