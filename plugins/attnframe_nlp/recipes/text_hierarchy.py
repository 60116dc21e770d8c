"""`model=hierarchical` of texts. Torch-free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.plugin.contract import Parts, TransformerRecipe
from attnframe.recipe import AtLeast, frozen
from attnframe_nlp.recipes.text_model import TextModel

if TYPE_CHECKING:
    from attnframe_nlp.token_networks.readers import HierarchicalReader


@frozen
class TextHierarchy(TextModel, TransformerRecipe):
    """Hierarchical attention: words make sentences, and sentences the text (Yang et al. 2016,
    https://aclanthology.org/N16-1174).

    `depth` counts the blocks of each of the two levels, `pool` serves both.

    Args:
        longest_sentence: tokens of a sentence; a longer one, or a text without full stops, is cut into several.
    """

    name: ClassVar[str] = "hierarchical"
    summary: ClassVar[str] = "words make sentences, and those a text (Yang et al. 2016)"

    longest_sentence: Annotated[int, AtLeast(1)] = 32

    def build_reader(self, parts: Parts, longest: int, stops: Sequence[int]) -> HierarchicalReader:
        from attnframe_nlp.token_networks.encoders import transformer_encoder
        from attnframe_nlp.token_networks.readers import HierarchicalReader

        words = transformer_encoder(self, parts, self.longest_sentence)
        sentences = transformer_encoder(self, parts, longest)
        return HierarchicalReader(words, sentences, self.dim, self.pool, stops, self.longest_sentence)
