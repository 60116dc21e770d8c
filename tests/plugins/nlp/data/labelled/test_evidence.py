"""Log-count ratios, by hand."""

from __future__ import annotations

import math

import numpy as np
from attnframe_nlp.data.labelled.evidence import FOLDS, fold_of, log_count_ratios, ratios_by_fold

ROWS = [np.array(row, np.int64) for row in ([2, 3, 2], [2, 4], [3], [1, 4])]
LABELS = np.array([0, 0, 1, 1])


def test_ratios_are_those_of_the_formula() -> None:
    found = log_count_ratios(ROWS, LABELS, 6, 2)
    # Texts of class 0 hold token 2 twice and tokens 3 and 4 once; those of class 1 tokens 1, 3 and 4 once.
    inside, outside = 6 + 2 + 1 + 1, 6 + 1 + 1 + 1
    assert math.isclose(found[2, 0], math.log(3 / inside) - math.log(1 / outside), rel_tol=1e-5)
    assert math.isclose(found[3, 1], math.log(2 / outside) - math.log(2 / inside), rel_tol=1e-5)


def test_padding_unknown_and_unseen_tokens_say_nothing() -> None:
    found = log_count_ratios(ROWS, LABELS, 6, 2)
    assert found[[0, 1, 5]].tolist() == [[0.0, 0.0]] * 3


def test_a_text_does_not_speak_for_itself() -> None:
    rows, labels = [np.array([2, 3 + number], np.int64) for number in range(40)], np.arange(40) % 2
    found, folds = ratios_by_fold(rows, labels, 43, 2), fold_of(40)
    assert found.shape == (FOLDS, 43, 2)
    for number, fold in enumerate(folds):
        assert found[fold, 3 + number].tolist() == [0.0, 0.0]
        assert found[(fold + 1) % FOLDS, 3 + number, labels[number]] > 0
