"""Text of recordings: the loss, decoding with and without a decoder, and transcripts with times."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from attnframe_speech.data.batches import padded
from attnframe_speech.recipes.digit_strings import DigitStrings
from attnframe_speech.recipes.predict import SpeechPredict
from attnframe_speech.recipes.recogniser_models import RecogniserConformer
from attnframe_speech.speech_recognition import SpeechRecognition

from attnframe.config.check import check
from attnframe.errors import ConfigurationError
from attnframe.plugin.task_module import TaskModule
from attnframe.recipes.registry import attention_variants

TASK = SpeechRecognition()
FACTS = DigitStrings(rate=8000, mels=16).nominal_facts()


def batch_of(*texts: str) -> dict[str, torch.Tensor]:
    """Recordings whose frames show the letters of their texts, twelve frames a letter."""
    recordings, rows = [], []
    for text in texts:
        numbers = [FACTS["letters"].index(letter) + 1 for letter in text]
        frames = np.repeat(np.eye(16)[[number % 16 for number in numbers]], 12, 0) * 4
        recordings.append(frames.astype(np.float16))
        rows.append(torch.tensor(numbers))
    letters = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)
    return {**padded(recordings), "letters": letters, "lengths": torch.tensor([len(row) for row in rows])}


@pytest.mark.parametrize("fields", [{}, {"beam": 4}, {"decoder": 1, "beam": 4}])
def test_learns_and_tells_what_is_said(fields: dict[str, Any], build: Callable[..., TaskModule]) -> None:
    torch.manual_seed(0)
    recogniser = build(TASK, FACTS, model="conformer", dim=32, kernel_size=3, **fields)
    texts = ("one two", "three", "six one")
    batch = batch_of(*texts)
    optimiser = torch.optim.AdamW(recogniser.parameters(), lr=5e-3)
    for _ in range(120):
        loss, _ = recogniser.loss(batch)
        torch.autograd.backward(loss)
        optimiser.step()
        optimiser.zero_grad()
    recogniser.eval()
    metrics = recogniser.metrics()
    with torch.no_grad():
        recogniser.update_metrics(metrics, batch, recogniser.loss(batch)[1])
    assert {name: float(metric.compute()) for name, metric in metrics.items()} == {"wer": 0.0, "cer": 0.0}
    inputs = [
        (text, batch["features"][row, :frames].numpy())
        for row, (text, frames) in enumerate(zip(texts, batch["frames"].tolist(), strict=True))
    ]
    for record in recogniser.predict(inputs, SpeechPredict()):
        assert record["text"] == record["input"]
        assert [word["word"] for word in record["words"]] == record["text"].split()
        times = [time for word in record["words"] for time in (word["start"], word["end"])]
        assert times == sorted(times)
        assert times[-1] <= 0.12 * len(record["text"]) + 0.04
        assert 0 < record["confidence"] <= 1


def test_rows_are_called_by_letters(build: Callable[..., TaskModule]) -> None:
    recogniser = build(TASK, FACTS, model="conformer", dim=32, decoder=1)
    rows = recogniser.row_names()
    assert rows["head.weight"][:2] == ["blank", f"letter {FACTS['letters'][0]}"]
    assert rows["writer.embedding.weight"][-1] == "edge"
    assert all(len(names) == len(recogniser.get_parameter(name)) for name, names in rows.items())


def test_the_flat_start_is_part_of_training_alone(build: Callable[..., TaskModule]) -> None:
    torch.manual_seed(0)
    recogniser = build(TASK, FACTS, model="conformer", dim=32, kernel_size=3, dropout=0.0, flat_start=0.3)
    without = build(TASK, FACTS, model="conformer", dim=32, kernel_size=3, dropout=0.0, flat_start=0.0)
    without.load_state_dict(recogniser.state_dict())
    batch = batch_of("one two", "three")
    for training in (True, False):
        losses = [float(one.train(training).loss(batch)[0].detach()) for one in (recogniser, without)]
        assert losses[0] > losses[1] if training else losses[0] == losses[1]


def test_padding_does_not_count(build: Callable[..., TaskModule]) -> None:
    torch.manual_seed(0)
    recogniser = build(TASK, FACTS, model="conformer", decoder=1).eval()
    both, alone = batch_of("one two", "six"), batch_of("six")
    with torch.no_grad():
        together, single = recogniser(both)[1], recogniser(alone)[0]
    torch.testing.assert_close(together[: len(single)], single, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("attention", list(attention_variants()))
def test_with_a_decoder_variants_serve_or_are_refused(attention: str, build: Callable[..., TaskModule]) -> None:
    can = attention_variants()[attention].capabilities
    if can.noncausal and can.causal and can.cross:
        loss, _ = build(TASK, FACTS, attention, decoder=1).loss(batch_of("one two", "six"))
        assert torch.isfinite(loss)
    else:
        assert TASK.needs(RecogniserConformer(decoder=1)).unmet(can)


def test_the_reason_of_a_refusal_is_told() -> None:
    with pytest.raises(ConfigurationError) as error:
        check(["task=speech_recognition", "attention=nystrom", "model.decoder=1"])
    told = str(error.value)
    assert "attention=nystrom cannot serve task=speech_recognition, which needs causal attention. Works: " in told
    assert "which needs cross attention" in told


def test_a_checkpoint_s_input_is_a_file(build: Callable[..., TaskModule], tmp_path: Path) -> None:
    recogniser = build(TASK, FACTS)
    ((name, frames),) = recogniser.read_inputs(recogniser.example_input(tmp_path), SpeechPredict())
    assert name == str(tmp_path / "tone.wav")
    assert frames.shape == (51, 16)
