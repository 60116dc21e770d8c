"""Metrics of translation, beside values worked out by hand or by sacreBLEU's functions."""

from __future__ import annotations

import math

import pytest
import sacrebleu
from attnframe_nlp.translation_metrics import TRANSLATION_METRICS, ChrF, ExactMatch, LowerBleu, SacreBleu, signatures

FOUND = ["The cat sat on the mat .", "a dog runs in the park today"]
TRUE = ["the cat sat on a mat .", "A dog runs in the park"]


def test_lower_bleu_by_hand() -> None:
    metric = LowerBleu(True)
    metric.update(FOUND, TRUE)
    # Matches of 1 to 4 tokens: 6+6 of 14, 4+5 of 12, 2+4 of 10, 1+3 of 8; longer than the reference, so no penalty.
    shares = (12 / 14, 9 / 12, 6 / 10, 4 / 8)
    assert float(metric.compute()) == pytest.approx(100 * math.prod(shares) ** 0.25)


def test_cased_bleu_is_that_of_the_library() -> None:
    metric = SacreBleu(False)
    for found, true in zip(FOUND, TRUE, strict=True):
        metric.update([found], [true])
    assert float(metric.compute()) == pytest.approx(sacrebleu.corpus_bleu(FOUND, [TRUE]).score)


def test_tokenised_text_is_put_together_before_cased_bleu() -> None:
    metric, plain = SacreBleu(True), SacreBleu(False)
    metric.update(["it is n't so , he said"], ["it is n't so , she said"])
    plain.update(["it isn't so, he said"], ["it isn't so, she said"])
    assert float(metric.compute()) == float(plain.compute())


def test_case_counts_only_in_one() -> None:
    scores = {}
    for name, kind in TRANSLATION_METRICS.items():
        metric = kind(False)
        metric.update(["THE CAT SAT ON THE MAT"], ["the cat sat on the mat"])
        scores[name] = float(metric.compute())
    assert scores["bleu"] == pytest.approx(100)
    assert scores["sacrebleu"] < 10
    assert scores["exact_match"] == 0


def test_chrf_is_a_fraction_and_reset_forgets() -> None:
    metric = ChrF(False)
    metric.update(["same"], ["same"])
    assert float(metric.compute()) == pytest.approx(1)
    metric.reset()
    metric.update(["other"], ["same"])
    assert float(metric.compute()) < 0.5


def test_exact_match() -> None:
    metric = ExactMatch(False)
    metric.update(["a", "b", "c"], ["a", "b", "d"])
    assert float(metric.compute()) == pytest.approx(2 / 3)


def test_signatures_tell_the_tokens() -> None:
    assert "case:lc" in signatures(False)["bleu signature"]
    assert "tok:13a" in signatures(False)["bleu signature"]
    assert "tok:none" in signatures(True)["bleu signature"]
    assert "case:mixed" in signatures(True)["sacrebleu signature"]
