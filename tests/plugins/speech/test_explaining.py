"""Explanations of recordings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from attnframe_speech.explaining import SpottedKeyword
from attnframe_speech.keyword_spotting import KeywordSpotting

from attnframe.explanation.explanation import explain_subject
from attnframe.recipes.explain import ExplainRecipe


@pytest.mark.parametrize("centre", [True, False])
def test_stretches_of_time_and_frames_that_are_deleted(build: Callable[..., Any], centre: bool) -> None:
    facts = {
        "frontend": {"name": "log_mel", "rate": 8000, "mels": 16},
        "mean": [0.5] * 16,
        "std": [1.0] * 16,
        "centre": centre,
        "frames": 40,
        "classes": ["low", "high"],
    }
    model = build(KeywordSpotting(), facts, subsampling=4).eval()
    frames = np.random.default_rng(0).normal(size=(18, 16)).astype(np.float16)
    subject = SpottedKeyword("a.wav", model, frames)
    assert subject.units == ["0.00 s", "0.04 s", "0.08 s", "0.12 s", "0.16 s"]
    kept = torch.tensor([[True, False, True, True, True]])
    batch = subject.batch(kept)
    given = torch.from_numpy(frames.astype(np.float32))
    torch.testing.assert_close(batch["features"][0, :4], given[:4])
    neutral = 0.5 + (given.mean(0) if centre else torch.zeros(16))
    torch.testing.assert_close(batch["features"][0, 4:8], neutral.expand(4, -1))
    found = explain_subject(subject, ExplainRecipe(orders=2, steps=2, heads=1))
    assert found.relevance["attention"].sum() == pytest.approx(1)
    assert found.subject.picture(found.relevance["attention"], "Title").count("<image") == 2
