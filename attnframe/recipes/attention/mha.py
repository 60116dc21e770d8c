"""Multi-head attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.scored import ScoredVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class MultiHeadAttention(ScoredVariant):
    """Full multi-head attention (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762).

    head_h = softmax(Q_h K_h^T / sqrt(E)) V_h; the heads are concatenated and projected to the model width

    Every query head has a key-value head of its own.

    Args:
        num_heads: query heads H; must divide the model width.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    name: ClassVar[str] = "mha"
    summary: ClassVar[str] = "full multi-head attention (Vaswani et al. 2017)"
    capabilities: ClassVar[Capabilities] = Capabilities()

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention

        return Attention(
            dim,
            self.num_heads,
            context_dim=context_dim,
            causal=causal,
            position=position,
            mixer=self.softmax_mixer(dim),
        )
