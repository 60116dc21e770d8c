"""Explanations of translations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from attnframe.explanation.subjects.tokens import TokenSubject
from attnframe.interpretation import attention_layers
from attnframe.pictures import heatmap
from attnframe.plugin.subject import Drawing, Maps
from attnframe_nlp.alignment.alignment import aligned, cross_layer
from attnframe_nlp.sentence_pairs.vocabulary import BEGIN, END, UNKNOWN

if TYPE_CHECKING:
    from attnframe_nlp.translator import Translator


class TranslatedSentence(TokenSubject):
    """A sentence and its translation. Tokens that are deleted become unknown ones; the translation stays, and is scored
    anew.

    Args:
        name: of the sentence. translator: in evaluation mode. sentence: at least one token.
    """

    deletion = "replaced by the unknown token"
    read_out = "from every token of the translation, by cross attention"
    score = "mean log-probability of a token of the translation"

    def __init__(self, name: str, translator: Translator, sentence: str) -> None:
        reading, writing = translator.vocabularies
        self.translator = translator
        tokens = next(iter(reading.encode([sentence])))[: translator.facts["max_length"] - 1]
        self.source = torch.tensor([[*tokens, END]], device=translator.device)
        with torch.no_grad():
            found = translator.translate(self.source, translator.beams, translator.length_penalty).tokens[0].tolist()
        written = [token for token in found if token != END]
        self.target = torch.tensor([[BEGIN, *written, END]], device=translator.device)
        self.words = writing.pieces(written)
        self.said = writing.decode(written)
        super().__init__(name, f"The model says: {self.said}", translator, reading.pieces(tokens))
        self.crossing = [layer for layer, one in attention_layers(translator).items() if one.context_dim is not None]

    def scores(self, kept: Tensor) -> Tensor:
        ends = torch.ones(len(kept), 1, dtype=torch.bool, device=self.source.device)
        source = torch.where(torch.cat([kept.to(self.source.device), ends], 1), self.source, UNKNOWN)
        target = self.target.expand(len(kept), -1)
        shares = self.translator({"source": source, "target": target}).float().log_softmax(2)
        told: Tensor = shares.gather(2, target[:, 1:].unsqueeze(2)).mean((1, 2))
        return told

    def relevance(self, maps: Maps) -> Tensor:
        # Words, not the end: what writes the end tells little of what was read.
        return self._looks(maps, *self.crossing).mean(0)

    def _looks(self, maps: Maps, *layers: str) -> Tensor:
        """(T, S) how much each word of the translation looks at each of the sentence."""
        return maps.across(*layers)[0, : max(1, len(self.words)), : len(self.units)]

    def drawings(self, maps: Maps) -> Sequence[Drawing]:
        if not self.words:
            return []
        layer = f"network.{cross_layer(self.translator.network)}"
        picture = aligned(self._looks(maps, layer), self.units, self.words)
        title = "Alignment"
        drawn = heatmap(
            picture["weights"], self.words, self.units, title, row_label="translation", column_label="sentence"
        )
        return [Drawing("alignment", title, drawn)]

    def plain(self) -> Mapping[str, Any]:
        return {"translation": self.said}
