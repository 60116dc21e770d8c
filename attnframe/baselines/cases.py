"""What a classifier answers for each test case, so that runs can be compared case by case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attnframe.plan import RunPlan
from attnframe.runs.folder import RunFolder

BINS = 10
"""Intervals of confidence that calibration is measured in."""
Cases = Mapping[str, Any]
"""``classes`` (their names), and of each test case in order ``labels`` and ``answers`` (indices) and ``confidence``
(the probability of the answer)."""


def test_cases(plan: RunPlan, folder: RunFolder) -> dict[str, Any] | None:
    """The test cases of a run's best checkpoint; None where the task is no classification.

    Args:
        plan: of the run. folder: of the run, which has ended well.
    """
    import torch

    from attnframe.plugin.classifier import Classifier
    from attnframe.training.checkpoint import load_checkpoint
    from attnframe.training.scoring import test_metrics

    module = load_checkpoint(folder.best).build()
    if not isinstance(module, Classifier):
        return None
    parts: list[tuple[torch.Tensor, ...]] = []

    def look(batch: Any, outputs: torch.Tensor) -> None:
        confidence, answers = outputs.softmax(1).max(1)
        parts.append((batch["labels"], answers, confidence))

    data = plan.data.build(data_dir=plan.data_dir, cache_dir=plan.cache_dir, seed=plan.seed)
    data.setup()
    test_metrics(plan, module, data, look)
    labels, answers, confidence = (torch.cat(part).cpu() for part in zip(*parts, strict=True))
    return {
        "classes": [str(name) for name in module.facts["classes"]],
        "labels": labels.tolist(),
        "answers": answers.tolist(),
        "confidence": [round(value, 4) for value in confidence.tolist()],
    }


def right(cases: Cases) -> NDArray[np.float64]:
    """(N,) 1 where the answer is the label, else 0."""
    same: NDArray[np.bool_] = np.equal(np.array(cases["labels"]), np.array(cases["answers"]))
    return same.astype(np.float64)


def calibration_error(cases: Cases) -> float:
    """Expected calibration error, from 0 to 1: the gap between confidence and accuracy in ten intervals of confidence,
    weighed by their cases (Guo et al. 2017, https://arxiv.org/abs/1706.04599)."""
    confidence, correct = np.array(cases["confidence"]), right(cases)
    places = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(places, confidence - correct, BINS)
    return float(np.abs(gaps).sum() / len(correct))


def scores_by_class(every: Sequence[Cases]) -> list[dict[str, Any]]:
    """``class``, test ``cases``, and ``precision``, ``recall`` and ``f1`` from 0 to 1 of each class, means over runs.

    Args:
        every: the cases of each run, with the same labels.
    """
    found = []
    for number, name in enumerate(every[0]["classes"]):
        scores = []
        for cases in every:
            labels, answers = np.array(cases["labels"]) == number, np.array(cases["answers"]) == number
            both, true, told = float((labels & answers).sum()), float(labels.sum()), float(answers.sum())
            scores.append((both / max(told, 1.0), both / max(true, 1.0), 2 * both / max(told + true, 1.0)))
        precision, recall, f1 = np.mean(scores, 0).tolist()
        count = int((np.array(every[0]["labels"]) == number).sum())
        found.append({"class": name, "cases": count, "precision": precision, "recall": recall, "f1": f1})
    return found
