"""Logits of recordings: padding does not count, and prediction on a user's own files."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from attnframe_speech.data.batches import padded
from attnframe_speech.keyword_spotting import KeywordSpotting
from attnframe_speech.recipes.predict import SpeechPredict
from attnframe_speech.recipes.spoken_digits import SpokenDigits

from attnframe.errors import DataError
from attnframe.plugin.task_module import TaskModule
from attnframe.recipes.registry import attention_variants

TASK = KeywordSpotting()
FACTS = SpokenDigits(rate=8000, mels=16).nominal_facts()
APPROXIMATE = ("block", "linformer", "nystrom")
"""Variants that pool the padded length, so what they approximate moves with it."""
SERVE = [name for name, one in attention_variants().items() if one.capabilities.noncausal and name not in APPROXIMATE]


@pytest.mark.parametrize("model", list(TASK.models))
@pytest.mark.parametrize("attention", SERVE)
def test_padding_does_not_count(attention: str, model: str, build: Callable[..., TaskModule]) -> None:
    torch.manual_seed(0)
    spotter = build(TASK, FACTS, attention, model=model).eval()
    generator = np.random.default_rng(0)
    recordings = [generator.normal(size=(steps, 16)).astype(np.float16) for steps in (40, 23)]
    with torch.no_grad():
        together = spotter(padded(recordings))
        alone = torch.cat([spotter(padded([one])) for one in recordings])
    torch.testing.assert_close(together, alone, atol=1e-4, rtol=1e-4)


def test_level_and_colour_of_a_recording_do_not_count(build: Callable[..., TaskModule]) -> None:
    torch.manual_seed(0)
    spotter = build(TASK, FACTS).eval()
    batch = padded([np.random.default_rng(0).normal(size=(40, 16)).astype(np.float16)])
    changed = {**batch, "features": batch["features"] + torch.linspace(0, 3, 16)}
    torch.testing.assert_close(spotter(changed), spotter(batch), atol=1e-4, rtol=1e-4)


def test_prediction_names_labels_and_probabilities(
    build: Callable[..., TaskModule], class_folder: Path, write_tone: Callable[..., Path]
) -> None:
    spotter = build(TASK, FACTS)
    options = SpeechPredict(batch_size=4)
    records = list(spotter.predict(spotter.read_inputs(str(class_folder), options), options))
    assert len(records) == 10
    assert records[0]["input"].endswith("high/0.wav")
    for record in records:
        assert math.isclose(sum(record["probabilities"].values()), 1, rel_tol=1e-5)
        assert record["probability"] == record["probabilities"][record["label"]]
    single = write_tone(class_folder / "one.flac")
    (record,) = spotter.predict(spotter.read_inputs(str(single), options), options)
    assert record["input"] == str(single)


def test_wrong_inputs_are_told_at_once(
    build: Callable[..., TaskModule], tmp_path: Path, write_tone: Callable[..., Path]
) -> None:
    spotter = build(TASK, FACTS)
    with pytest.raises(DataError, match=r"input must be a recording or a folder of recordings that exists"):
        spotter.read_inputs(str(tmp_path / "gone"), SpeechPredict())
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"input must hold recordings \(\.aif, .*\)\. Got none below"):
        spotter.read_inputs(str(tmp_path / "empty"), SpeechPredict())
    (tmp_path / "a.wav").write_text("no sound")
    write_tone(tmp_path / "b.wav", seconds=0.002)
    write_tone(tmp_path / "c.wav", level=9.0)
    with pytest.raises(DataError) as error:
        spotter.read_inputs(str(tmp_path), SpeechPredict(clipped="refuse"))
    told = str(error.value)
    assert "2 of 3: " in told
    assert "a.wav is no sound" in told
    assert "b.wav is empty" in told
    assert "not clipped. Got 1 of 3" in told


def test_another_rate_is_told(
    build: Callable[..., TaskModule], tmp_path: Path, write_tone: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    write_tone(tmp_path / "a.wav", rate=22_050)
    list(build(TASK, FACTS).read_inputs(str(tmp_path), SpeechPredict()))
    assert [record.getMessage() for record in caplog.records] == [f"Resampled to 8000 Hz: 1 of 1: {tmp_path}/a.wav."]
