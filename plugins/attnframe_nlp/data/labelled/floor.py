"""The simple method that every classifier of texts is compared with: naive Bayes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from attnframe_nlp.data.sequences.vocabulary import words

FloorFeatures = Literal["words", "positions"]


def words_and_pairs(text: str) -> list[str]:
    """Words of a text in lower case, and pairs of neighbours."""
    found = words(text.lower())
    return found + [f"{first} {second}" for first, second in itertools.pairwise(found)]


def letters_by_place(text: str) -> list[str]:
    """Each character of a text with its place."""
    return [f"{place} {letter}" for place, letter in enumerate(text)]


class Floor:
    """Naive Bayes over binary features with add-one smoothing (Manning et al. 2008, chapter 13).

    Args:
        features: ``words`` and pairs of words, or for sequences of equal length the letters by ``positions``; there a
            class gives each position one letter.
    """

    def __init__(self, features: FloorFeatures) -> None:
        self.features = features

    def scores(
        self, train: Sequence[str], train_labels: Sequence[int], test: Sequence[str], test_labels: Sequence[int]
    ) -> dict[str, Any]:
        """Accuracy and macro F1 on the test texts, beside the accuracy of the class that is most frequent in training.

        Args:
            train: texts. train_labels: class index of each. test: texts. test_labels: class index of each.
        """
        from sklearn.metrics import accuracy_score, f1_score

        answers = self.fitted(train, train_labels).predict(test)
        majority = np.bincount(train_labels).argmax()
        share = float(np.mean(np.asarray(test_labels) == majority))
        named = "words and pairs" if self.features == "words" else "letters by position"
        return {
            "name": f"naive Bayes, {named}; most frequent class {share:.4f}",
            "test/accuracy": float(accuracy_score(test_labels, answers)),
            "test/f1": float(f1_score(test_labels, answers, average="macro")),
        }

    def fitted(self, texts: Sequence[str], labels: Sequence[Any]) -> Any:
        """What predicts the labels of texts, learnt from some (a pipeline of scikit-learn).

        Args:
            texts: to learn from. labels: of each.
        """
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.naive_bayes import MultinomialNB
        from sklearn.pipeline import make_pipeline

        analyzer = words_and_pairs if self.features == "words" else letters_by_place
        return make_pipeline(CountVectorizer(analyzer=analyzer, binary=True), MultinomialNB(alpha=1.0)).fit(
            texts, labels
        )
