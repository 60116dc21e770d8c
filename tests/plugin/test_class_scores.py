"""Confusion, calibration and scores of each class."""

from __future__ import annotations

import pytest
import torch

from attnframe.pictures import draw
from attnframe.plugin.class_exhibit import ClassExhibit
from attnframe.plugin.class_scores import MOST_CLASSES, ClassScores

SHARES = torch.tensor([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.55, 0.45]])
LABELS = torch.tensor([0, 1, 1, 0])


def made() -> ClassScores:
    scores = ClassScores(["cat", "dog"])
    scores.update(SHARES[:1], LABELS[:1])
    scores.update(SHARES[1:], LABELS[1:])
    return scores


def test_the_confusion_matrix_counts_true_classes_by_answer() -> None:
    confusion = made().panels()[0].arguments
    assert confusion["shown"] == [["2", "0"], ["1", "1"]]
    assert confusion["matrix"].tolist() == [[1, 0], [0.5, 0.5]]


def test_precision_recall_and_f1_by_hand() -> None:
    assert made().panels()[2].arguments["rows"] == [
        ["cat", 2, round(2 / 3, 4), 1.0, 0.8],
        ["dog", 2, 1.0, 0.5, round(2 / 3, 4)],
    ]


def test_the_calibration_error_by_hand() -> None:
    calibration = made().panels()[1].arguments
    # One answer in each of four intervals: right with 0.9, wrong with 0.8, right with 0.7, right with 0.55.
    assert calibration["title"] == f"Calibration: expected calibration error {(0.1 + 0.8 + 0.3 + 0.45) / 4:.4f}"
    line = calibration["series"][0]
    assert line.x == pytest.approx([0.55, 0.7, 0.8, 0.9])
    assert line.y == [1, 1, 0, 1]
    # Wilson's interval of 1 in 1: from 1 / (1 + 1.96^2) to 1.
    assert (line.low[0], line.high[0]) == pytest.approx((1 / (1 + 1.96**2), 1.0))


def test_of_many_classes_the_most_confused_and_the_worst_are_shown() -> None:
    count = MOST_CLASSES + 10
    scores = ClassScores([f"class {number}" for number in range(count)])
    shares = torch.eye(count)
    shares[3] = torch.eye(count)[7]
    scores.update(shares, torch.arange(count))
    confused, _, worst = scores.panels()
    assert confused.arguments["rows"] == [["class 3", "class 7", 1]]
    assert worst.arguments["rows"][0][0] == "class 3"
    assert len(worst.arguments["rows"]) == MOST_CLASSES


def test_nothing_to_show_before_anything_came_in() -> None:
    assert ClassScores(["a", "b"]).panels() == []


def test_the_exhibit_reads_logits_and_its_panels_can_be_drawn() -> None:
    exhibit = ClassExhibit(["cat", "dog"])
    exhibit.update({"labels": LABELS}, SHARES.log())
    assert [panel.plain() for panel in exhibit.panels()] == [panel.plain() for panel in made().panels()]
    assert all(draw(panel.plain()) for panel in exhibit.panels())
