"""F1 of spans against a reading of conlleval that goes token by token."""

from __future__ import annotations

import random

import pytest
import torch
from attnframe_nlp.tagging_metrics import SentenceAccuracy, SpanF1, marks_spans

TAGS = ["O", *(f"{mark}-{kind}" for mark in "BIES" for kind in ("x", "y"))]


def chunks(tags: list[str]) -> set[tuple[str, int, int]]:
    """Spans as the script conlleval finds them: kind, first and last token."""
    found, start = set(), 0
    before = "O"
    for place, tag in enumerate([*tags, "O"]):
        other = tag[2:] != before[2:]
        if before != "O" and (tag == "O" or tag[0] in "BS" or before[0] in "ES" or other):
            found.add((before[2:], start, place - 1))
        if tag != "O" and (tag[0] in "BS" or before == "O" or before[0] in "ES" or other):
            start = place
        before = tag
    return found


def f1(answers: list[list[str]], tags: list[list[str]]) -> float:
    pairs = [(chunks(answer), chunks(tag)) for answer, tag in zip(answers, tags, strict=True)]
    right, total = sum(len(a & t) for a, t in pairs), sum(len(a) + len(t) for a, t in pairs)
    return 2 * right / total if total else 0.0


def measured(answers: list[list[str]], tags: list[list[str]], width: int) -> float:
    metric = SpanF1(TAGS)
    for answer, tag in zip(answers, tags, strict=True):
        padding = width - len(tag)
        metric.update(
            torch.tensor([[TAGS.index(name) for name in answer] + [3] * padding]),
            torch.tensor([[TAGS.index(name) for name in tag] + [-100] * padding]),
        )
    return float(metric.compute())


@pytest.mark.parametrize("seed", range(20))
def test_spans_are_those_of_the_script(seed: int) -> None:
    generator = random.Random(seed)
    tags = [[generator.choice(TAGS) for _ in range(generator.randint(1, 9))] for _ in range(40)]
    answers = [[name if generator.random() < 0.7 else generator.choice(TAGS) for name in row] for row in tags]
    assert measured(answers, tags, 9) == pytest.approx(f1(answers, tags))


def test_known_answers() -> None:
    true = [["B-x", "I-x", "O", "B-y"]]
    assert measured(true, true, 6) == 1.0
    assert measured([["O", "O", "O", "O"]], true, 4) == 0.0
    # One of the two spans is right, and two are answered.
    assert measured([["B-x", "O", "O", "B-y"]], true, 4) == 0.5
    # A span that begins with I counts all the same.
    assert measured([["I-x", "I-x", "O", "I-y"]], true, 4) == 1.0


def test_tags_that_mark_spans() -> None:
    assert marks_spans(["O", "B-a", "I-a"])
    assert not marks_spans(["NOUN", "VERB"])
    assert not marks_spans(["O"])
    assert not marks_spans(["B-", "O"])


def test_a_sentence_is_right_when_all_of_it_is() -> None:
    metric = SentenceAccuracy()
    answers = torch.tensor([[1, 2, 0], [1, 2, 5], [1, 2, 3], [0, 2, 3]])
    tags = torch.tensor([[1, 2, 3], [1, 2, -100], [1, 2, 3], [1, 2, 3]])
    metric.update(answers, tags, torch.tensor([True, True, False, True]))
    assert float(metric.compute()) == 0.25
