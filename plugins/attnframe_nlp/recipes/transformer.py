"""`model=transformer`. Torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from attnframe.plugin.contract import Parts, TransformerRecipe
from attnframe.recipe import frozen
from attnframe_nlp.recipes.model import LanguageModelRecipe

if TYPE_CHECKING:
    from attnframe.models import Decoder


@frozen
class TransformerLanguageModel(LanguageModelRecipe, TransformerRecipe):
    """Decoder-only language model of causal blocks.

    Args:
        activation: of the feed-forward layers; ``squared_relu`` is that of Primer (So et al. 2021).
    """

    summary: ClassVar[str] = "causal blocks of attention and feed-forward layers (GPT 2018)"

    activation: Literal["squared_relu", "gelu", "relu", "swiglu"] = "squared_relu"

    def build(self, parts: Parts, context: int) -> Decoder:
        from attnframe_nlp.networks import decoder

        return decoder(self, parts, context)
