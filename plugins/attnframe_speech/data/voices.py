"""The voices of the embedded speech, and digits said by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_speech.data.corpus import Corpus, Source
from attnframe_speech.data.espeak import RATE, Utterance, speak
from attnframe_speech.frontends.log_mel import LogMel

DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
VOICES: Final = {
    TRAIN: (
        "en-us+m1", "en-us+f2", "en-us+Alex", "en-us+Denis", "en-us+steph", "en-us+Andrea",
        "en-gb-x-rp+m3", "en-gb-x-rp+f4", "en-gb-x-rp+adam",
        "en-gb-scotland+m7", "en-gb-scotland+f1", "en-gb-scotland+linda",
    ),
    VAL: ("en-us+m4", "en-gb-x-rp+f3"),
    TEST: ("en-us+Michael", "en-us+f5", "en-gb-x-rp+belinda", "en-gb-scotland+m6"),
}  # fmt: skip
"""Voices of each part: nobody is heard in two."""
MANNERS: Final = ((130, 35), (160, 65), (190, 45), (175, 55))
"""Speed in words a minute and pitch of each repetition."""
LEVELS: Final = (5.0, 25.0)
"""Least and greatest ratio of speech to noise, in decibels."""
SILENCE: Final = 0.2
"""Longest silence before and after an utterance, in seconds."""
SEED: Final = 0


def single_digits() -> Iterator[tuple[int, str, Utterance]]:
    """Part, label and utterance: each digit in each voice and manner."""
    for part, voices in VOICES.items():
        for voice in voices:
            for speed, pitch in MANNERS:
                for digit in DIGITS:
                    yield part, digit, Utterance(digit, voice, speed, pitch)


def digit_strings(strings: int) -> Iterator[tuple[int, str, Utterance]]:
    """Part, transcript and utterance: strings of one to five digits, drawn at random with seed 0.

    Args:
        strings: utterances of each voice.
    """
    generator = np.random.default_rng(SEED)
    for part, voices in VOICES.items():
        for voice in voices:
            for number in range(strings):
                text = " ".join(DIGITS[digit] for digit in generator.integers(10, size=1 + number % 5))
                speed, pitch = MANNERS[number % len(MANNERS)]
                yield part, text, Utterance(text, voice, speed, pitch)


class EspeakSource(Source):
    """Utterances made by espeak-ng, each between silences of random length and in white noise of random level, drawn
    with seed 0.

    Args:
        name: of the data set.
        frontend: makes the frames.
        said: part, target and utterance of each.
    """

    def __init__(self, name: str, frontend: LogMel, said: Iterator[tuple[int, str, Utterance]]) -> None:
        self.name, self.frontend, self.said = name, frontend, [*said]

    @property
    def protocol(self) -> Mapping[str, str]:
        return {"split": "12 voices to train on, 2 others for validation, 4 others for test"}

    def fingerprint(self) -> str:
        return f"{self.frontend.facts} {LEVELS} {SILENCE} {SEED}\n{self.said}"

    def read(self) -> Corpus:
        parts, targets, utterances = zip(*self.said, strict=True)
        generator = np.random.default_rng(SEED)
        sounds = [in_noise(samples, generator) for samples in speak(utterances)]
        recordings = [self.frontend.frames(self.frontend.heard(one, RATE)) for one in sounds]
        return Corpus.of(recordings, targets, parts, self.frontend.facts)


def in_noise(samples: npt.NDArray[np.float32], generator: np.random.Generator) -> npt.NDArray[np.float32]:
    """Samples (n,) with silence before and after, and noise over all."""
    lead, tail = generator.integers(0, round(SILENCE * RATE), size=2)
    power = float(np.square(samples).mean()) / 10 ** (generator.uniform(*LEVELS) / 10)
    placed = np.pad(samples, (lead, tail))
    noise = generator.standard_normal(len(placed), np.float32) * np.float32(power**0.5)
    heard: npt.NDArray[np.float32] = np.clip(placed + noise, -1, 1)
    return heard
