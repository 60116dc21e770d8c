"""Multi-query attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.scored import ScoredVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class MultiQueryAttention(ScoredVariant):
    """Multi-query attention (Shazeer 2019, https://arxiv.org/abs/1911.02150): all query heads share one key-value head.

    head_h = softmax(Q_h K^T / sqrt(E)) V

    The cache is H times smaller than that of multi-head attention.

    Args:
        num_heads: query heads H; must divide the model width.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    name: ClassVar[str] = "mqa"
    summary: ClassVar[str] = "all query heads share one key-value head (Shazeer 2019)"
    capabilities: ClassVar[Capabilities] = Capabilities()

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention

        return Attention(
            dim,
            self.num_heads,
            num_kv_heads=1,
            context_dim=context_dim,
            causal=causal,
            position=position,
            mixer=self.softmax_mixer(dim),
        )
