"""The task `language_modeling`: the next token of a text. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, PredictRecipe, Task
from attnframe.recipes.capabilities import Needs
from attnframe_nlp.recipes.associative_recall import AssociativeRecall
from attnframe_nlp.recipes.attention_rnn import RecurrentLanguageModel
from attnframe_nlp.recipes.model import LanguageModelRecipe
from attnframe_nlp.recipes.predict import GenerateText
from attnframe_nlp.recipes.python_docs import PythonDocs
from attnframe_nlp.recipes.text import TextData
from attnframe_nlp.recipes.text_file import TextFile
from attnframe_nlp.recipes.tinyshakespeare import TinyShakespeare
from attnframe_nlp.recipes.transformer import TransformerLanguageModel
from attnframe_nlp.recipes.wikitext2 import WikiText2

if TYPE_CHECKING:
    from attnframe_nlp.language_model import LanguageModel


class LanguageModeling(Task):
    """The next token of a text, by a decoder (GPT, Radford et al. 2018)."""

    name: ClassVar[str] = "language_modeling"
    summary: ClassVar[str] = "the next character, byte or word piece of a text; writes on from a prompt (GPT 2018)"
    monitor: ClassVar[Monitor] = Monitor("nats_per_character", "min")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (TransformerLanguageModel, RecurrentLanguageModel)}
    )
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "attention_cnn": "its convolutions and its weights of channels read what is to be predicted",
            "hierarchical": "it makes one vector of a whole text, where each token must be told from those before it",
        }
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (PythonDocs, AssociativeRecall, TinyShakespeare, WikiText2, TextFile)}
    )
    predict: ClassVar[type[PredictRecipe]] = GenerateText

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(causal=True)

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        if not isinstance(parts.model, LanguageModelRecipe) or not isinstance(data, TextData | AssociativeRecall):
            yield Fault(f"task={self.name}", "must have its own model and data recipes", type(data).__name__)

    def build(self, parts: Parts, facts: Facts) -> LanguageModel:
        from attnframe_nlp.language_model import LanguageModel

        return LanguageModel(parts, facts)
