"""What variants that keep a state instead of the past have in common. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.attention.mixers.recurrent import RecurrentMixer
    from attnframe.positions.base import Position


@frozen
class RecurrentVariant(AttentionVariant, ABC):
    """Base of the variants whose state runs forwards over the tokens: causal by nature, decoding keeps the state alone.

    Args:
        num_heads: query heads H; must divide the model width.
    """

    capabilities: ClassVar[Capabilities] = Capabilities(
        noncausal=False,
        cross=False,
        edges=False,
        masks=frozenset({"padding", "documents"}),
        bias=False,
        weights="implied",
        cache="recurrent",
        dropout=False,
        exact=False,
        shares=False,
        equivariant=False,
        cost="n",
    )

    @abstractmethod
    def mixer(self, head_dim: int) -> RecurrentMixer:
        """The recurrence of heads of width `head_dim`."""

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention

        mixer = self.mixer(dim // self.num_heads)
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
