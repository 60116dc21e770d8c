"""cosFormer attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class CosformerAttention(AttentionVariant):
    """cosFormer (Qin et al. 2022, https://arxiv.org/abs/2202.08791): rectified features and a cosine of the distance
    instead of the exponential, in linear time.

    head_h,i = sum_j w_ij v_j / sum_j w_ij,  w_ij = <relu(q_i), relu(k_j)> cos(pi (i - j) / (2 max_length))

    Full, causal and padded attention take time linear in the length, other masks the quadratic form of the same
    function, logged once. Decoding keeps a state of constant size. A query whose rectified features meet none of its
    keys' gets 0.

    Args:
        num_heads: query heads H; must divide the model width.
        max_length: most tokens in a sequence, at least 1; the smaller, the more near keys are favoured.
    """

    name: ClassVar[str] = "cosformer"
    summary: ClassVar[str] = "rectified features and a cosine of the distance, linear time (Qin et al. 2022)"
    capabilities: ClassVar[Capabilities] = Capabilities(
        cross=False,
        edges=False,
        bias=False,
        weights="implied",
        cache="recurrent",
        dropout=False,
        exact=False,
        shares=False,
        equivariant=False,
        cost="n",
    )

    max_length: Annotated[int, AtLeast(1)] = 512

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import CosformerMixer

        mixer = CosformerMixer(self.max_length)
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
