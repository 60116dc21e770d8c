"""The embedded speech: the same bits each time, other voices for test, and clear faults."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from attnframe_speech.data.espeak import RATE, Utterance, speak
from attnframe_speech.data.voices import MANNERS, VOICES, digit_strings, single_digits

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN, VAL

SAID = [Utterance("one two", "en-us+f2", 160, 50), Utterance("three", "en-gb-x-rp+m3", 200, 30)]


def test_the_same_bits_in_every_process() -> None:
    first, second = speak(SAID), speak(SAID)
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))
    assert all(0.2 * RATE < len(one) < 2 * RATE and 0.1 < np.abs(one).max() <= 1 for one in first)


def test_a_voice_that_is_not_there_is_refused() -> None:
    with pytest.raises(DataError, match=r"espeak-ng must be there.*Got espeak-ng has no voice xx-none"):
        speak([Utterance("one", "xx-none", 160, 50)])


def test_a_library_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    (tmp_path / "libespeak.so").write_text("no library")
    with pytest.raises(
        DataError, match=r"espeak-ng must be there.*libespeak.so.*Install it with: pip install espeakng"
    ):
        speak(SAID, str(tmp_path / "libespeak.so"))


def test_nobody_is_heard_in_two_parts() -> None:
    assert len({voice for voices in VOICES.values() for voice in voices}) == sum(map(len, VOICES.values()))
    said = [*single_digits()]
    assert len(said) == 10 * len(MANNERS) * 18
    strings = [*digit_strings(10)]
    assert [text for _, text, _ in strings] == [text for _, text, _ in digit_strings(10)]
    assert {part: sum(one == part for one, _, _ in strings) for part in (TRAIN, VAL, TEST)} == {
        TRAIN: 120,
        VAL: 20,
        TEST: 40,
    }
