"""The task `translation`: a sentence in another language. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, PredictRecipe, Task
from attnframe.recipes.capabilities import Needs
from attnframe_nlp.recipes.multi30k import Multi30k
from attnframe_nlp.recipes.number_words import NumberWords
from attnframe_nlp.recipes.parallel_text import ParallelText
from attnframe_nlp.recipes.reversal import Reversal
from attnframe_nlp.recipes.sentence_pairs import SentencePairs
from attnframe_nlp.recipes.translate import Translate
from attnframe_nlp.recipes.translation_model import TranslationModel
from attnframe_nlp.recipes.translation_rnn import TranslationRNN
from attnframe_nlp.recipes.translation_transformer import TranslationTransformer

if TYPE_CHECKING:
    from attnframe_nlp.translator import Translator


class Translation(Task):
    """A sentence in another language, by an encoder-decoder (Vaswani et al. 2017)."""

    name: ClassVar[str] = "translation"
    summary: ClassVar[str] = "a sentence in another language, with its alignment (Vaswani et al. 2017)"
    monitor: ClassVar[Monitor] = Monitor("chrf", "max")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (TranslationTransformer, TranslationRNN)}
    )
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "attention_cnn": "tokens stand on no grid",
            "hierarchical": "it makes one vector of a whole text, where each word is asked for",
        }
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (NumberWords, Reversal, Multi30k, ParallelText)}
    )
    predict: ClassVar[type[PredictRecipe]] = Translate

    def needs(self, model: ModelRecipe) -> Needs:
        return model.needs if isinstance(model, TranslationModel) else Needs()

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        if not isinstance(parts.model, TranslationModel) or not isinstance(data, SentencePairs):
            yield Fault(f"task={self.name}", "must have its own model and data recipes", type(data).__name__)

    def build(self, parts: Parts, facts: Facts) -> Translator:
        from attnframe_nlp.translator import Translator

        return Translator(parts, facts)
