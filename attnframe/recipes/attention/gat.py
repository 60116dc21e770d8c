"""Graph attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.recipe import Between, frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class GraphAttention(AttentionVariant):
    """Graph attention (Velickovic et al. 2018, https://arxiv.org/abs/1710.10903): one projection for queries, keys and
    values.

    head_h,i = sum_j softmax_j(LeakyReLU(<a_h, W_h x_i> + <b_h, W_h x_j>)) W_h x_j over the visible j

    The heads side by side are the output, without a projection. Self-loops are edges like others, so a graph that wants
    them lists them. On an edge list time and memory grow with the edges; any other mask takes the quadratic form.

    Args:
        num_heads: heads H; must divide the model width.
        negative_slope: slope of LeakyReLU below 0, in [0, 1].
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` takes edges where there are any; ``edges`` raises where there are none.
    """

    name: ClassVar[str] = "gat"
    summary: ClassVar[str] = "graph attention, on edges or any mask (Velickovic et al. 2018)"
    capabilities: ClassVar[Capabilities] = Capabilities(exact=False)

    negative_slope: Annotated[float, Between(0, 1)] = 0.2
    dropout: Annotated[float, Between(0, 1)] = 0.0
    backend: Literal["auto", "eager", "edges"] = "auto"

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import SoftmaxMixer
        from attnframe.attention.projections import TiedProjections
        from attnframe.attention.scores import GraphAttentionScore

        score = GraphAttentionScore(self.num_heads, dim // self.num_heads, self.negative_slope)
        return Attention(
            dim,
            self.num_heads,
            context_dim=context_dim,
            causal=causal,
            position=position,
            mixer=SoftmaxMixer(score, dropout=self.dropout, backend=self.backend),
            projections=TiedProjections(dim, self.num_heads, context_dim=context_dim),
        )
