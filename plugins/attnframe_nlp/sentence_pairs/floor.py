"""What a translation is held against: copying, and looking up the nearest sentence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attnframe_nlp.sentence_pairs.pairs import Pair
from attnframe_nlp.translation_metrics import ChrF

_ROWS = 256
"""Test sentences compared at a time."""


def simple_translation(
    train: Sequence[Pair], sentences: Sequence[str], references: Sequence[str]
) -> tuple[str, list[str]]:
    """Name and translations of the simple way that has the better chrF.

    Args:
        train: the training pairs. sentences: to be translated. references: their translations.
    """
    ways = {
        "copy of the source": list(sentences),
        "translation of the nearest training source": nearest(train, sentences),
    }

    def quality(name: str) -> float:
        metric = ChrF(False)
        metric.update(ways[name], references)
        return float(metric.compute())

    best = max(ways, key=quality)
    return best, ways[best]


def nearest(train: Sequence[Pair], sentences: Sequence[str]) -> list[str]:
    """The translation of the training sentence whose words, weighed by tf-idf, point the most in the same direction."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(token_pattern=r"\w+|[^\w\s]", sublinear_tf=True)
    known = vectorizer.fit_transform([pair[0] for pair in train]).T.tocsr()
    asked = vectorizer.transform(sentences)
    found: list[str] = []
    for first in range(0, len(sentences), _ROWS):
        likeness = (asked[first : first + _ROWS] @ known).toarray()
        found += [train[int(place)][1] for place in np.argmax(likeness, axis=1)]
    return found
