"""Gated attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.scored import ScoredVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class GatedAttention(ScoredVariant):
    """Multi-head attention whose heads are gated by the query's token (Qiu et al. 2025, https://arxiv.org/abs/2505.06708).

    head_h = sigmoid(X Wg_h + b_h) * softmax(Q_h K_h^T / sqrt(E)) V_h, elementwise

    A head can give nothing without a key to sink its weight into.

    Args:
        num_heads: query heads H; must divide the model width.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    name: ClassVar[str] = "gated"
    summary: ClassVar[str] = "multi-head attention with a sigmoid gate on each head's output (Qiu et al. 2025)"
    capabilities: ClassVar[Capabilities] = Capabilities()

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import GatedMixer

        mixer = GatedMixer(self.softmax_mixer(dim), dim // self.num_heads)
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
