"""Explanations of the tags of a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor

from attnframe.explanation.subjects.tokens import TokenSubject
from attnframe.pictures import heatmap
from attnframe.plugin.subject import Drawing, Maps
from attnframe_nlp.data.sequences.lexicon import Lexicon
from attnframe_nlp.data.sequences.vocabulary import PADDING, UNKNOWN, PieceVocabulary
from attnframe_nlp.tagging_metrics import OUTSIDE

if TYPE_CHECKING:
    from attnframe_nlp.sequence_tagger import SequenceTagger

MOST_ROWS: Final = 40
"""Tagged tokens that are drawn, the first ones."""


class TaggedSentence(TokenSubject):
    """A sentence and its tags: those that are no `O`, or all where there are no others. Tokens that are deleted become
    unknown ones.

    Args:
        name: of the sentence. tagger: in evaluation mode. words: its tokens, at least one.
    """

    deletion = "replaced by the unknown token"
    read_out = "at the tokens whose tags are explained"

    def __init__(self, name: str, tagger: SequenceTagger, vocabulary: PieceVocabulary, words: Sequence[str]) -> None:
        words = list(words)[: tagger.facts["max_length"]]
        self.tagger = tagger
        lexicon = Lexicon(vocabulary, tagger.facts["subwords"])
        row = torch.from_numpy(lexicon.encode_pieces(words))
        self.tokens, self.spellings = lexicon.look_up(row.unsqueeze(0))
        with torch.no_grad():
            tags, intents = tagger.parted(tagger(self._batch(torch.ones(1, len(words), dtype=torch.bool))).float())
        self.tags = tags[0].argmax(1)
        self.names = [tagger.facts["tags"][tag] for tag in self.tags.tolist()]
        told = [place for place, tag in enumerate(self.names) if tag != OUTSIDE]
        self.rows = told or list(range(len(words)))
        self.intent = int(intents[0].argmax()) if tagger.facts["intents"] else None
        shown = ", ".join(f"{words[row]} is {self.names[row]}" for row in self.rows[:MOST_ROWS])
        answer = f"The model says: {shown}."
        self.score = "mean log-probability of the tags"
        if self.intent is not None:
            answer += f" The sentence is {tagger.facts['intents'][self.intent]}."
            self.score += " and of the intent"
        super().__init__(name, answer, tagger, words, joined=vocabulary.kind == "character")

    def _batch(self, kept: Tensor) -> dict[str, Tensor]:
        tokens = torch.where(kept, self.tokens, UNKNOWN)
        spellings = torch.where(kept.unsqueeze(2), self.spellings, PADDING)
        device = self.tagger.tag_head.weight.device
        return {"tokens": tokens.to(device), "spellings": spellings.to(device)}

    def scores(self, kept: Tensor) -> Tensor:
        tags, intents = self.tagger.parted(self.tagger(self._batch(kept.cpu())).float())
        wanted = self.tags[self.rows].view(1, -1, 1).expand(len(kept), -1, -1)
        told = tags[:, self.rows].log_softmax(2).gather(2, wanted).mean((1, 2))
        return told if self.intent is None else told + intents.log_softmax(1)[:, self.intent]

    def relevance(self, maps: Maps) -> Tensor:
        return maps.through("encoder.")[0, self.rows].mean(0)

    def drawings(self, maps: Maps) -> Sequence[Drawing]:
        rows = self.rows[:MOST_ROWS]
        labels = [f"{self.units[row]} ({self.names[row]})" for row in rows]
        matrix = maps.through("encoder.")[0, rows].cpu().numpy()
        title = "What each tag was read from"
        drawn = heatmap(matrix, labels, self.units, title, row_label="tagged token", column_label="token that it reads")
        return [Drawing("tags", title, drawn)]

    def plain(self) -> Mapping[str, Any]:
        intent = {} if self.intent is None else {"intent": self.tagger.facts["intents"][self.intent]}
        return {"tags": self.names, **intent}
