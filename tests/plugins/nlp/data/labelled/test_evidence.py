"""Log-count ratios, by hand."""

from __future__ import annotations

import math

import numpy as np
import torch
from attnframe_nlp.data.labelled.evidence import FOLDS, Evidence, fold_of, log_count_ratios

ROWS = [np.array(row, np.int64) for row in ([2, 3, 2], [2, 4], [3], [1, 4])]
LABELS = np.array([0, 0, 1, 1])


def test_ratios_are_those_of_the_formula() -> None:
    found = log_count_ratios(ROWS, LABELS, 6, 2)
    # Texts of class 0 hold token 2 twice and tokens 3 and 4 once; those of class 1 tokens 1, 3 and 4 once.
    inside, outside = 6 + 2 + 1 + 1, 6 + 1 + 1 + 1
    assert math.isclose(found[2, 0], math.log(3 / inside) - math.log(1 / outside), rel_tol=1e-5)
    assert math.isclose(found[3, 1], math.log(2 / outside) - math.log(2 / inside), rel_tol=1e-5)
    assert found[[0, 5]].tolist() == [[0.0, 0.0]] * 2


def test_tokens_and_pairs_are_added() -> None:
    evidence = Evidence.count(ROWS, LABELS, 6, 2, folds=False)
    assert evidence.keys.tolist() == [0, 1 * 6 + 4, 2 * 6 + 3, 2 * 6 + 4, 3 * 6 + 2]
    tokens, pairs = log_count_ratios(ROWS, LABELS, 6, 2), evidence.pairs[0]
    # 5 was never seen, 0 is padding and 1 unknown: alone they say nothing, and neither does a pair that is new.
    found = evidence.look_up(torch.tensor([[2, 3, 3, 5, 0], [1, 4, 2, 4, 0]]))
    torch.testing.assert_close(found[0, 0], torch.from_numpy(tokens[2]))
    torch.testing.assert_close(found[0, 1], torch.from_numpy(tokens[3]) + pairs[2])
    torch.testing.assert_close(found[0, 2], torch.from_numpy(tokens[3]))
    assert found[0, 3:].tolist() == [[0.0, 0.0]] * 2
    assert found[1, 0].tolist() == [0.0, 0.0]
    torch.testing.assert_close(found[1, 1], torch.from_numpy(tokens[4]) + pairs[1])


def test_a_text_does_not_speak_for_itself() -> None:
    rows, labels = [np.array([2, 3 + number], np.int64) for number in range(40)], np.arange(40) % 2
    evidence, folds = Evidence.count(rows, labels, 43, 2, folds=True), torch.from_numpy(fold_of(40))
    tokens = torch.from_numpy(np.stack(rows))
    assert evidence.tokens.shape == (FOLDS, 43, 2)
    assert (evidence.look_up(tokens, folds)[:, 1] == 0).all()
    other = evidence.look_up(tokens, (folds + 1) % FOLDS)[:, 1]
    assert (other.argmax(1) == torch.from_numpy(labels)).all()


def test_it_is_rebuilt_from_plain_values() -> None:
    evidence = Evidence.count(ROWS, LABELS, 6, 2, folds=False)
    tokens = torch.tensor([[2, 3, 2, 4, 1, 4]])
    again = Evidence.of(evidence.values(), 6)
    torch.testing.assert_close(again.look_up(tokens), evidence.look_up(tokens), atol=2e-3, rtol=0)
    assert Evidence.of({}, 6).look_up(tokens).shape == (1, 6, 0)
