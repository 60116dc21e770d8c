"""How answers that are classes go wrong: confusion, scores of each class, and calibration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from attnframe.pictures import Line, Panel

MOST_CLASSES = 30
"""Classes that a confusion matrix and a table of scores have room for; of more, the worst and the most confused."""
BINS = 10
"""Intervals of confidence in the reliability diagram."""


class ClassScores:
    """Collects answers and draws what a single number hides.

    The expected calibration error is the mean gap between confidence and accuracy in intervals of confidence, weighed
    by their examples (Guo et al. 2017, https://arxiv.org/abs/1706.04599); bands are 95 % Wilson intervals (Wilson 1927,
    https://doi.org/10.1080/01621459.1927.10502953).

    Args:
        classes: their names. counted: what is classified, in the plural, such as ``examples``.
    """

    def __init__(self, classes: Sequence[str], counted: str = "examples") -> None:
        self.classes = [str(name) for name in classes]
        self.counted = counted
        self._parts: list[tuple[Tensor, Tensor, Tensor]] = []

    def update(self, shares: Tensor, labels: Tensor) -> None:
        """Take in probabilities (N, classes) and true classes (N,)."""
        confidence, answers = shares.max(1)
        self._parts.append((confidence, answers, labels))

    def panels(self) -> list[Panel]:
        """Confusion, calibration and scores of each class; nothing when nothing came in."""
        if not self._parts or sum(len(labels) for _, _, labels in self._parts) == 0:
            return []
        confidence, answers, labels = (torch.cat(part).cpu().numpy() for part in zip(*self._parts, strict=True))
        count = len(self.classes)
        matrix = np.bincount(labels * count + answers, minlength=count * count).reshape(count, count)
        return [self._confusion(matrix), self._calibration(confidence, answers == labels), self._scores(matrix)]

    def _confusion(self, matrix: NDArray[np.int64]) -> Panel:
        if len(matrix) <= MOST_CLASSES:
            return Panel(
                "heatmap",
                {
                    "matrix": matrix / np.maximum(matrix.sum(1, keepdims=True), 1),
                    "rows": self.classes,
                    "columns": self.classes,
                    "title": f"Confusion: {self.counted} of each true class by answer",
                    "row_label": "true",
                    "column_label": "answer",
                    "limits": (0.0, 1.0),
                    "shown": [[str(number) for number in row] for row in matrix.tolist()],
                },
            )
        wrong = matrix.copy()
        np.fill_diagonal(wrong, 0)
        worst = np.argsort(-wrong, axis=None, kind="stable")[:15]
        pairs = [divmod(int(place), len(matrix)) for place in worst if wrong.flat[place]]
        rows = [[self.classes[true], self.classes[answer], int(wrong[true, answer])] for true, answer in pairs]
        return Panel("table", {"columns": ["true", "answer", self.counted], "rows": rows, "title": "Most confused"})

    def _scores(self, matrix: NDArray[np.int64]) -> Panel:
        right, true, answered = matrix.diagonal(), matrix.sum(1), matrix.sum(0)
        precision, recall = right / np.maximum(answered, 1), right / np.maximum(true, 1)
        f1 = 2 * right / np.maximum(true + answered, 1)
        present = [number for number in range(len(matrix)) if true[number] or answered[number]]
        title = "Scores of each class"
        if len(present) > MOST_CLASSES:
            present = sorted(present, key=lambda number: float(f1[number]))[:MOST_CLASSES]
            title = f"Scores of the {MOST_CLASSES} worst of {len(matrix)} classes"
        rows = [
            [
                self.classes[number],
                int(true[number]),
                *(round(float(score[number]), 4) for score in (precision, recall, f1)),
            ]
            for number in present
        ]
        return Panel(
            "table", {"columns": ["class", self.counted, "precision", "recall", "F1"], "rows": rows, "title": title}
        )

    def _calibration(self, confidence: NDArray[np.float32], right: NDArray[np.bool_]) -> Panel:
        places = np.minimum((confidence * BINS).astype(int), BINS - 1)
        sizes = np.bincount(places, minlength=BINS)
        filled = sizes > 0
        known = np.maximum(sizes, 1)
        mean = np.bincount(places, confidence, BINS) / known
        accuracy = np.bincount(places, right, BINS) / known
        error = float((sizes * np.abs(mean - accuracy)).sum() / sizes.sum())
        low, high = _wilson(accuracy, known)
        drawn = Line("accuracy", *(part[filled].tolist() for part in (mean, accuracy, low, high)))
        start = float(mean[filled].min())
        return Panel(
            "lines",
            {
                "series": [drawn, Line("perfectly calibrated", [start, 1.0], [start, 1.0])],
                "title": f"Calibration: expected calibration error {error:.4f}",
                "x_label": "confidence of the answer",
                "y_label": "accuracy",
            },
        )


def _wilson(share: NDArray[np.float64], count: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of the 95 % interval of a share of so many trials."""
    square = 1.96**2 / count
    middle = (share + square / 2) / (1 + square)
    half = np.sqrt(square * (share * (1 - share) + square / 4)) / (1 + square)
    low: NDArray[np.float64] = middle - half
    high: NDArray[np.float64] = middle + half
    return low, high
