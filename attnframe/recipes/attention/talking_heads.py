"""Talking-heads attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import Between, frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class TalkingHeadsAttention(AttentionVariant):
    """Talking-heads attention (Shazeer et al. 2020, https://arxiv.org/abs/2003.02436): scores and weights are mixed
    over heads.

    S = L (Q K^T / sqrt(E)), A = W softmax(S), head_h = A_h V_h, with L and W learned maps over heads

    Args:
        num_heads: heads H; must divide the model width.
        dropout: probability of dropping an attention weight in training, in [0, 1].
    """

    name: ClassVar[str] = "talking_heads"
    summary: ClassVar[str] = "scores and weights are mixed over heads (Shazeer et al. 2020)"
    capabilities: ClassVar[Capabilities] = Capabilities(edges=False, exact=False, shares=False)

    dropout: Annotated[float, Between(0, 1)] = 0.0

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import TalkingHeadsMixer

        mixer = TalkingHeadsMixer(self.num_heads, self.dropout)
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
