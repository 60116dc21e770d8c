"""Linear attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class LinearAttention(AttentionVariant):
    """Linear attention (Katharopoulos et al. 2020, https://arxiv.org/abs/2006.16236): another function than softmax
    attention, in linear time.

    head_h,i = sum_j phi(q_i)^T phi(k_j) v_j / sum_j phi(q_i)^T phi(k_j),  phi(x) = elu(x) + 1

    Full, causal and padded attention take time linear in the length, an edge list in the edges; other masks the
    quadratic form of the same function, logged once. Decoding keeps a state of constant size.

    Args:
        num_heads: query heads H; must divide the model width.
    """

    name: ClassVar[str] = "linear"
    summary: ClassVar[str] = "positive features instead of the exponential, linear time (Katharopoulos et al. 2020)"
    capabilities: ClassVar[Capabilities] = Capabilities(
        bias=False, weights="implied", cache="recurrent", dropout=False, exact=False, cost="n"
    )

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import LinearMixer

        return Attention(
            dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=LinearMixer()
        )
