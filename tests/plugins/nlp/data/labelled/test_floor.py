"""Naive Bayes against sums done by hand."""

from __future__ import annotations

import math

from attnframe_nlp.data.labelled.floor import Floor, letters_by_place, words_and_pairs


def test_features() -> None:
    assert words_and_pairs("Not good.") == ["not", "good", ".", "not good", "good ."]
    assert letters_by_place("AC") == ["0 A", "1 C"]


def test_probabilities_are_those_of_the_formula() -> None:
    # Features a, b and "a b"; class 0 has texts "a" and "a b", class 1 has "b".
    fitted = Floor("words").fitted(["a", "a b", "b"], [0, 0, 1])
    shares = fitted.predict_proba(["b"])[0]
    first, second = 2 / 3 * (1 + 1) / (4 + 3), 1 / 3 * (1 + 1) / (1 + 3)
    assert math.isclose(shares[0], first / (first + second), rel_tol=1e-9)


def test_letters_count_by_their_place() -> None:
    floor = Floor("positions").scores(["AC", "AG", "CA", "GA"], [0, 0, 1, 1], ["AT", "TA"], [0, 1])
    assert floor["test/accuracy"] == 1.0
    assert floor["name"] == "naive Bayes, letters by position; most frequent class 0.5000"
