"""Metrics of translation, by sacreBLEU (Post 2018, https://aclanthology.org/W18-6319)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Final

import torch
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from torch import Tensor
from torchmetrics import Metric

from attnframe_nlp.sentence_pairs.word_vocabulary import detokenised


class TextMetric(Metric, ABC):
    """A score of translations beside references, over a whole part.

    Args:
        tokenised: whether references are tokens with spaces between them.
    """

    higher_is_better = True
    full_state_update = False

    def __init__(self, tokenised: bool) -> None:
        super().__init__()
        self.tokenised = tokenised
        self.translations: list[str] = []
        self.references: list[str] = []

    def update(self, translations: Sequence[str], references: Sequence[str]) -> None:
        """Count sentences: the translation and the reference of each."""
        self.translations += translations
        self.references += references

    def reset(self) -> None:
        super().reset()
        self.translations, self.references = [], []

    def compute(self) -> Tensor:
        return torch.tensor(self.score())

    @abstractmethod
    def score(self) -> float:
        """The score of all that was counted."""


class LowerBleu(TextMetric):
    """BLEU (Papineni et al. 2002, https://aclanthology.org/P02-1040) in lower case, from 0 to 100, on the tokens as
    given where sentences are tokenised, else on those of mteval-v13a."""

    def score(self) -> float:
        return float(lower_bleu(self.tokenised).corpus_score(self.translations, [self.references]).score)


class SacreBleu(TextMetric):
    """BLEU of text as it is written, cased, on the tokens of mteval-v13a, from 0 to 100."""

    def score(self) -> float:
        translations, references = self.translations, self.references
        if self.tokenised:
            translations, references = ([detokenised(text) for text in texts] for texts in (translations, references))
        return float(cased_bleu().corpus_score(translations, [references]).score)


class ChrF(TextMetric):
    """F-score of character n-grams (Popović 2015, https://aclanthology.org/W15-3049), from 0 to 1."""

    def score(self) -> float:
        return float(CHRF().corpus_score(self.translations, [self.references]).score) / 100


class ExactMatch(TextMetric):
    """Share of the translations that are the reference, from 0 to 1."""

    def score(self) -> float:
        pairs = zip(self.translations, self.references, strict=True)
        return sum(translation == reference for translation, reference in pairs) / max(len(self.references), 1)


TRANSLATION_METRICS: Final[Mapping[str, type[TextMetric]]] = {
    "bleu": LowerBleu,
    "sacrebleu": SacreBleu,
    "chrf": ChrF,
    "exact_match": ExactMatch,
}
"""By public name."""


def lower_bleu(tokenised: bool) -> BLEU:
    """The scorer of `LowerBleu`."""
    return BLEU(lowercase=True, tokenize="none" if tokenised else "13a", force=tokenised)


def cased_bleu() -> BLEU:
    """The scorer of `SacreBleu`."""
    return BLEU()


def signatures(tokenised: bool) -> dict[str, Any]:
    """sacreBLEU's signatures of ``bleu`` and ``sacrebleu``: what must be the same for figures to compare."""
    found = {}
    for name, scorer in (("bleu", lower_bleu(tokenised)), ("sacrebleu", cased_bleu())):
        scorer.corpus_score(["a"], [["a"]])  # The signature counts the references.
        found[f"{name} signature"] = str(scorer.get_signature())
    return found
