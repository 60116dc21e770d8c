"""Labels of sequences of tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from attnframe.explanation.classes import class_answer, log_share
from attnframe.explanation.read_out import read
from attnframe.explanation.subjects.tokens import TokenSubject
from attnframe.plugin.classifier import Classifier
from attnframe.plugin.subject import Maps


class LabelledTokens(TokenSubject):
    """A sequence and the label that a classifier gives it which takes a batch ``{"tokens": (B, T) int64}``, runs one
    encoder over it and averages what comes out.

    Args:
        name: of the input. classifier: in evaluation mode.
        words: the tokens, as they are shown. tokens: (T,) their numbers.
        unknown: what deleted tokens become.
        encoder: name of the classifier's encoder.
        joined: whether tokens follow one another without a gap, as characters do.
    """

    read_out = "averaged over all tokens"

    def __init__(
        self,
        name: str,
        classifier: Classifier,
        words: Sequence[str],
        tokens: Tensor,
        *,
        unknown: int,
        encoder: str = "encoder",
        joined: bool = False,
    ) -> None:
        (self.record,) = classifier.records([(name, tokens)], 1, lambda some: {"tokens": torch.stack(some)})
        super().__init__(name, class_answer(self.record), classifier, words, joined=joined)
        self.tokens, self.unknown, self.encoder = tokens, unknown, encoder
        self.label = classifier.facts["classes"].index(self.record["label"])
        self.deletion = f"replaced by token {unknown}"
        self.score = f"log-probability of {self.record['label']}"

    def scores(self, kept: Tensor) -> Tensor:
        device = next(self.model.parameters()).device
        tokens = torch.where(kept.to(device), self.tokens.to(device), self.unknown)
        return log_share(self.model({"tokens": tokens}), self.label)

    def relevance(self, maps: Maps) -> Tensor:
        return read(maps.through(f"{self.encoder}."))[0]

    def plain(self) -> Mapping[str, Any]:
        return {"label": self.record["label"], "probability": self.record["probability"]}
