"""Performer attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class PerformerAttention(AttentionVariant):
    """Performer attention, FAVOR+ (Choromanski et al. 2021, https://arxiv.org/abs/2009.14794): softmax attention in the
    mean over positive orthogonal random features, in linear time.

    head_h,i = sum_j <phi(q_i), phi(k_j)> v_j / sum_j <phi(q_i), phi(k_j)>,  phi(x)_r = exp(<w_r, x'> - |x'|^2 / 2),
    x' = x / E^(1/4)

    The random vectors w are drawn when a layer is made and saved with it; they change on request alone
    (`PerformerMixer.redraw`). Full, causal and padded attention take time linear in the length, an edge list in the
    edges; other masks the quadratic form of the same function, logged once. Decoding keeps a state of constant size.

    Args:
        num_heads: query heads H; must divide the model width.
        num_features: random features of a head, at least 1; null for E ln E, rounded up, with the head width E.
    """

    name: ClassVar[str] = "performer"
    summary: ClassVar[str] = (
        "positive random features that give softmax in the mean, linear time (Choromanski et al. 2021)"
    )
    capabilities: ClassVar[Capabilities] = Capabilities(
        bias=False, weights="implied", cache="recurrent", dropout=False, exact=False, cost="n"
    )

    num_features: Annotated[int | None, AtLeast(1)] = None

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import PerformerMixer

        mixer = PerformerMixer(dim // self.num_heads, self.num_features)
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
