"""Explanations of the labels of series."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from attnframe_timeseries.explaining.labelled import LabelledSeries

from attnframe.explanation.explanation import explain_subject
from attnframe.recipes.explain import ExplainRecipe

FACTS = {"classes": ["left", "right"], "mean": [1.0, 0.0], "std": [2.0, 1.0], "length": 9}


def test_stretches_of_steps_and_steps_that_are_deleted(classifier: Callable[..., Any]) -> None:
    model = classifier(FACTS, stride=2).eval()
    series = np.random.default_rng(0).normal(size=(7, 2)).astype(np.float32)
    subject = LabelledSeries("f.ts case 1", model, series)
    assert subject.units == ["steps from 0", "steps from 2", "steps from 4", "steps from 6"]
    kept = torch.tensor([[True, False, True, True]])
    own = torch.from_numpy((series - [1, 0]) / [2, 1]).float().unsqueeze(0)
    own[:, 2:4] = 0
    with torch.no_grad():
        logits = model({"series": own, "valid": torch.ones(1, 7, dtype=torch.bool)})
        torch.testing.assert_close(subject.scores(kept), logits.log_softmax(1)[:, subject.label])
    found = explain_subject(subject, ExplainRecipe(orders=2, steps=2, heads=1))
    assert found.subject.picture(found.relevance["attention"], "Title").count("<svg") == 1
