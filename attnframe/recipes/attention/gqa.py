"""Grouped-query attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.grouped import GroupedVariant
from attnframe.recipes.attention.scored import ScoredVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class GroupedQueryAttention(GroupedVariant, ScoredVariant):
    """Grouped-query attention (Ainslie et al. 2023, https://arxiv.org/abs/2305.13245): groups of query heads share a
    key-value head.

    head_h = softmax(Q_h K_g^T / sqrt(E)) V_g with g = h // (H / K)

    K = H is multi-head, K = 1 multi-query attention. Query heads of a group are neighbours, as in torch and Llama.

    Args:
        num_heads: query heads H; must divide the model width.
        num_kv_heads: key-value heads K, at least 1; must divide `num_heads`.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    name: ClassVar[str] = "gqa"
    summary: ClassVar[str] = "groups of query heads share a key-value head (Ainslie et al. 2023)"
    capabilities: ClassVar[Capabilities] = Capabilities()

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention

        return Attention(
            dim,
            self.num_heads,
            num_kv_heads=self.num_kv_heads,
            context_dim=context_dim,
            causal=causal,
            position=position,
            mixer=self.softmax_mixer(dim),
        )
