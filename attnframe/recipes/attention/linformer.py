"""Linformer attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class LinformerAttention(AttentionVariant):
    """Linformer attention (Wang et al. 2020, https://arxiv.org/abs/2006.04768): softmax attention to a fixed number of
    learned mixtures of the keys and values, in linear time.

    head_h = softmax(Q_h (E^T K_h)^T / sqrt(d)) F^T V_h

    The maps E and F have a row for each place in the sequence, so keys are told apart by their order, and padding
    changes nothing. Every mixture may hold every key: there is no causal form.

    Args:
        num_heads: query heads H; must divide the model width.
        max_length: most keys, at least 1: rows of E and F.
        rank: mixtures, at least 1 (k in the paper): columns of E and F.
    """

    name: ClassVar[str] = "linformer"
    summary: ClassVar[str] = "keys and values projected along the sequence, linear time (Wang et al. 2020)"
    capabilities: ClassVar[Capabilities] = Capabilities(
        causal=False,
        edges=False,
        masks=frozenset({"padding"}),
        bias=False,
        weights="implied",
        cache="none",
        dropout=False,
        exact=False,
        shares=False,
        equivariant=False,
        cost="n",
    )

    max_length: Annotated[int, AtLeast(1)] = 512
    rank: Annotated[int, AtLeast(1)] = 32

    @classmethod
    def example(cls) -> LinformerAttention:
        return cls(rank=3)

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import LinformerMixer

        mixer = LinformerMixer(self.max_length, self.rank)
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
