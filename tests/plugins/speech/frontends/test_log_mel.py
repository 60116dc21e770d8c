"""Log mel energies: where a tone stands, resampling, and what cannot be heard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from attnframe_speech.frontends.base import Unheard, frontend_of
from attnframe_speech.frontends.log_mel import LogMel


def test_a_tone_stands_in_its_channel(frontend: LogMel, write_tone: Callable[..., Path], tmp_path: Path) -> None:
    loudest = [
        int(frontend.frames(frontend.read(write_tone(tmp_path / "a.wav", hertz))).mean(0).argmax())
        for hertz in (200, 800, 3000)
    ]
    mel = [2595 * np.log10(1 + hertz / 700) for hertz in (200, 800, 3000)]
    low, high = (2595 * np.log10(1 + hertz / 700) for hertz in (20, 4000))
    wanted = [round((one - low) / (high - low) * 17 - 1) for one in mel]
    assert loudest == wanted


def test_a_frame_every_ten_milliseconds(frontend: LogMel, write_tone: Callable[..., Path], tmp_path: Path) -> None:
    frames = frontend.frames(frontend.read(write_tone(tmp_path / "a.wav", seconds=0.5)))
    assert frames.shape == (51, 16)
    assert frames.dtype == np.float16


def test_another_rate_is_resampled_and_told(frontend: LogMel, write_tone: Callable[..., Path], tmp_path: Path) -> None:
    own, other = (frontend.read(write_tone(tmp_path / f"{rate}.wav", 500, rate=rate)) for rate in (8000, 16_000))
    assert frontend.remarks(own) == frozenset()
    assert frontend.remarks(other) == {"resampled"}
    first, second = frontend.frames(own), frontend.frames(other)
    assert len(first) == len(second)
    assert first.mean(0).argmax() == second.mean(0).argmax()


def test_channels_are_averaged(frontend: LogMel, tmp_path: Path) -> None:
    wave = np.stack([np.full(800, 0.5), np.linspace(-0.5, 0.5, 800)], 1)
    soundfile.write(tmp_path / "a.wav", wave, 8000, subtype="FLOAT")
    np.testing.assert_allclose(frontend.read(tmp_path / "a.wav").samples, wave.mean(1), atol=1e-6)


def test_clipping_is_seen(frontend: LogMel) -> None:
    loud = np.clip(3 * np.sin(np.arange(4000) / 5), -1, 1).astype(np.float32)
    assert frontend.remarks(frontend.heard(loud, 8000)) == {"clipped"}
    assert frontend.remarks(frontend.heard(loud / 2, 8000)) == frozenset()


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (np.zeros(0, np.float32), "is empty: 0 ms of sound"),
        (np.ones(100, np.float32), "is empty: 12 ms of sound, below one window"),
        (np.zeros(4000, np.float32), "is silent throughout"),
        (np.full(4000, np.nan, np.float32), "no finite numbers"),
    ],
)
def test_what_cannot_be_heard_is_refused(
    frontend: LogMel, samples: np.ndarray[tuple[int], np.dtype[np.float32]], reason: str
) -> None:
    with pytest.raises(Unheard, match=reason):
        frontend.heard(samples, 8000)


def test_a_text_is_no_sound(frontend: LogMel, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("no sound")
    with pytest.raises(Unheard, match="is no sound that libsndfile reads"):
        frontend.read(tmp_path / "a.wav")


def test_facts_make_it_again(frontend: LogMel, tmp_path: Path) -> None:
    again = frontend_of({"frontend": frontend.facts})
    assert isinstance(again, LogMel)
    assert again.facts == frontend.facts
    assert len(again.frames(again.read(again.write_example(tmp_path)))) == 51
