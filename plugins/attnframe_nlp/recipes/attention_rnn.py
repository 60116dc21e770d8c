"""`model=attention_rnn`. Torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from attnframe.plugin.contract import Parts
from attnframe.recipe import frozen
from attnframe_nlp.recipes.model import LanguageModelRecipe

if TYPE_CHECKING:
    from attnframe.models import AttentionRNN


@frozen
class RecurrentLanguageModel(LanguageModelRecipe):
    """Recurrent language model whose states attend over those before them (Daniluk et al. 2017, arXiv:1702.04521).

    Args:
        cell: ``lstm`` (Hochreiter and Schmidhuber 1997) or ``gru`` (Cho et al. 2014).
    """

    name: ClassVar[str] = "attention_rnn"
    summary: ClassVar[str] = "recurrent layers whose states attend over those before them (Daniluk et al. 2017)"

    cell: Literal["lstm", "gru"] = "lstm"

    def build(self, parts: Parts, context: int) -> AttentionRNN:
        from attnframe_nlp.networks import recurrent_network

        return recurrent_network(self, parts, context)
