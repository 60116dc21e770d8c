"""The task `sequence_tagging`: a tag for each token. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts, ModelRecipe, Monitor, Parts, Task
from attnframe.recipes.capabilities import Needs
from attnframe_nlp.recipes.atis import Atis
from attnframe_nlp.recipes.commands import Commands
from attnframe_nlp.recipes.conll_file import ConllFile
from attnframe_nlp.recipes.protein_ss import ProteinStructure
from attnframe_nlp.recipes.tagged_tokens import TaggedTokens
from attnframe_nlp.recipes.token_model import TokenModel
from attnframe_nlp.recipes.token_rnn import TokenRNN
from attnframe_nlp.recipes.token_transformer import TokenTransformer

if TYPE_CHECKING:
    from attnframe_nlp.sequence_tagger import SequenceTagger


class SequenceTagging(Task):
    """A tag for each token of a sentence or sequence, and on data with intents a label for the whole, by one model (Liu
    and Lane 2016)."""

    name: ClassVar[str] = "sequence_tagging"
    summary: ClassVar[str] = "a tag for each token, with the intent of the whole where data have one (Liu & Lane 2016)"
    monitor: ClassVar[Monitor] = Monitor("accuracy", "max")
    models: ClassVar[Mapping[str, type[ModelRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (TokenTransformer, TokenRNN)}
    )
    refuses: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "attention_cnn": "tokens stand on no grid",
            "hierarchical": "it makes one vector of a whole text, where each token has a tag of its own",
        }
    )
    datasets: ClassVar[Mapping[str, type[DataRecipe]]] = MappingProxyType(
        {recipe.name: recipe for recipe in (Commands, Atis, ProteinStructure, ConllFile)}
    )

    def needs(self, model: ModelRecipe) -> Needs:
        return Needs(noncausal=True, masks=frozenset({"padding"}))

    def faults(self, parts: Parts, data: DataRecipe) -> Iterable[Fault]:
        if not isinstance(parts.model, TokenModel) or not isinstance(data, TaggedTokens):
            yield Fault(f"task={self.name}", "must have its own model and data recipes", type(data).__name__)

    def build(self, parts: Parts, facts: Facts) -> SequenceTagger:
        from attnframe_nlp.sequence_tagger import SequenceTagger

        return SequenceTagger(parts, facts)
