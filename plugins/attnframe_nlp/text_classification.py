"""The task `text_classification`: one label for a text. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, Task
from attnframe.recipes.capabilities import Needs
from attnframe_nlp.recipes.atis_intents import AtisIntents
from attnframe_nlp.recipes.labelled_texts import LabelledTexts
from attnframe_nlp.recipes.listops import ListOps
from attnframe_nlp.recipes.python_topics import PythonTopics
from attnframe_nlp.recipes.sst2 import Sst2
from attnframe_nlp.recipes.text_csv import TextCsv
from attnframe_nlp.recipes.text_hierarchy import TextHierarchy
from attnframe_nlp.recipes.text_model import TextModel
from attnframe_nlp.recipes.token_rnn import TokenRNN
from attnframe_nlp.recipes.token_transformer import TokenTransformer
from attnframe_nlp.recipes.trec6 import Trec6
from attnframe_nlp.recipes.uci_dna import UciDna

if TYPE_CHECKING:
    from attnframe_nlp.text_classifier import TextClassifier


class TextClassification(Task):
    """One label for a text: a sentence, a paragraph, or a sequence of letters."""

    name: ClassVar[str] = "text_classification"
    summary: ClassVar[str] = "one label for a text or a sequence of letters"
    monitor: ClassVar[Monitor] = Monitor("accuracy", "max")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (TokenTransformer, TokenRNN, TextHierarchy)}
    )
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType({"attention_cnn": "tokens stand on no grid"})
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (PythonTopics, ListOps, Sst2, Trec6, AtisIntents, UciDna, TextCsv)}
    )

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(noncausal=True, masks=frozenset({"padding"}))

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        if not isinstance(parts.model, TextModel) or not isinstance(data, LabelledTexts):
            yield Fault(f"task={self.name}", "must have its own model and data recipes", type(data).__name__)

    def build(self, parts: Parts, facts: Facts) -> TextClassifier:
        from attnframe_nlp.text_classifier import TextClassifier

        return TextClassifier(parts, facts)
