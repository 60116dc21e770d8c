"""Explanations of the labels of texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from attnframe.explanation.classes import class_answer, log_share
from attnframe.explanation.read_out import pooling_weights
from attnframe.explanation.subjects.tokens import TokenSubject
from attnframe.plugin.subject import Maps
from attnframe_nlp.data.labelled.evidence import Evidence
from attnframe_nlp.data.sequences.lexicon import Lexicon
from attnframe_nlp.data.sequences.vocabulary import PADDING, UNKNOWN, vocabulary_from

if TYPE_CHECKING:
    from attnframe_nlp.text_classifier import TextClassifier


class LabelledText(TokenSubject):
    """A text and its label. Tokens that are deleted become unknown ones, and bring neither spelling nor evidence.

    Args:
        name: of the text. classifier: in evaluation mode. text: at least one token.
    """

    deletion = "replaced by the unknown token"
    read_out = "where the network pools"

    def __init__(self, name: str, classifier: TextClassifier, text: str) -> None:
        facts = classifier.facts
        self.classifier = classifier
        vocabulary = vocabulary_from(facts["vocabulary"])
        lexicon = Lexicon(vocabulary, facts["subwords"])
        row = torch.from_numpy(lexicon.encode(text)[: facts["max_length"]])
        self.tokens, self.spellings = lexicon.look_up(row.unsqueeze(0))
        self.evidence = Evidence.of(facts["evidence"], facts["vocabulary_size"])
        whole = torch.ones(1, len(row), dtype=torch.bool)
        with torch.no_grad(), pooling_weights(classifier) as pooled:
            shares = classifier(self._batch(whole)).float().softmax(1)[0].tolist()
        self.pooled = pooled
        self.record = classifier.record(name, shares)
        self.label = facts["classes"].index(self.record["label"])
        self.score = f"log-probability of {self.record['label']}"
        words = vocabulary.split(text)[: len(row)]
        joined = not ("pieces" in facts["vocabulary"] and facts["vocabulary"]["kind"] == "word")
        super().__init__(name, class_answer(self.record), classifier, words, joined=joined)

    def _batch(self, kept: Tensor) -> dict[str, Tensor]:
        tokens = torch.where(kept, self.tokens, UNKNOWN)
        spellings = torch.where(kept.unsqueeze(2), self.spellings, PADDING)
        batch = {"tokens": tokens, "spellings": spellings, "evidence": self.evidence.look_up(tokens)}
        return {name: part.to(self.classifier.head.weight.device) for name, part in batch.items()}

    def scores(self, kept: Tensor) -> Tensor:
        return log_share(self.classifier(self._batch(kept.cpu())), self.label)

    def relevance(self, maps: Maps) -> Tensor:
        tokens = self.tokens.to(self.classifier.head.weight.device)
        return self.classifier.reader.parts(maps, self.pooled, "reader.", tokens)

    def plain(self) -> Mapping[str, Any]:
        return {"label": self.record["label"], "probability": self.record["probability"]}
