"""No attention: the control."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class NoAttention(AttentionVariant):
    """Uniform weights over the visible keys: the control that shows what attending is worth. No paper.

    head_h,i = mean of v_j over the keys j that query i may see

    Value and output projections are kept; queries and keys, which would change nothing, are not made. Rotary
    positions change nothing.

    Args:
        num_heads: heads H; must divide the model width.
    """

    name: ClassVar[str] = "none"
    summary: ClassVar[str] = "uniform weights over the visible keys, the control"
    capabilities: ClassVar[Capabilities] = Capabilities(
        bias=False, cache="recurrent", dropout=False, exact=False, cost="n"
    )

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import UniformMixer

        return Attention(
            dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=UniformMixer()
        )
