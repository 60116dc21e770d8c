"""The attention of graph transformers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.scored import BackedVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.attention.mixer import Mixer
    from attnframe.positions.base import Position


@frozen
class GraphTransformerAttention(BackedVariant):
    """Multi-head attention among neighbours (Dwivedi and Bresson 2021, https://arxiv.org/abs/2012.09699), with the
    gated skip connection of Shi et al. (2021, https://arxiv.org/abs/2009.03509) on request.

    head_h,i = sum_j softmax_j(<Q_h x_i, K_h x_j> / sqrt(E)) V_h x_j over the neighbours j of i

    Without the skip connection it is multi-head attention: the `Edges` mask tells the neighbours. Time and memory grow
    with the edges then.

    Args:
        num_heads: query heads H; must divide the model width.
        skip: whether a token keeps some of a projection of its own features, by a learned gate.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    name: ClassVar[str] = "graph_transformer"
    summary: ClassVar[str] = "multi-head attention among neighbours, gated skip on request (Shi et al. 2021)"
    capabilities: ClassVar[Capabilities] = Capabilities()

    skip: bool = False

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import SkipMixer, SoftmaxMixer

        mixer: Mixer = SoftmaxMixer(dropout=self.dropout, backend=self.backend)
        if self.skip:
            mixer = SkipMixer(mixer, self.num_heads, dim // self.num_heads)
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
