"""The recipe: name, fields and capabilities. Torch is imported inside `build`, so that listing is quick."""

from typing import Any, ClassVar

from attnframe.recipe import frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities


@frozen
class YourVariant(AttentionVariant):
    """Softplus instead of the exponential function.

    weight_j = softplus(s_j) / sum_i softplus(s_i) over the visible keys, s_j = <q, k_j> / sqrt(E)

    Args:
        num_heads: query heads H; must divide the model width.
    """

    name: ClassVar[str] = "your_variant"
    summary: ClassVar[str] = "weights by softplus, which grow linearly with the score"
    # What is claimed is held by the tests, what is not is refused: start from all, take away what cannot be.
    capabilities: ClassVar[Capabilities] = Capabilities(exact=False, dropout=False)

    def build(self, dim: int, *, causal: bool = False, position: Any = None, context_dim: int | None = None) -> Any:
        from attnframe import Attention
        from attnframe_your_variant.mixer import YourMixer

        mixer = YourMixer()
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
