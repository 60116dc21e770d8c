"""Source of the Free Spoken Digit Dataset: single digits, or strings of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_speech.data.corpus import Corpus, Source
from attnframe_speech.data.published import PublishedTree
from attnframe_speech.data.reading import File, read_files
from attnframe_speech.data.voices import DIGITS
from attnframe_speech.frontends.log_mel import LogMel, Sound

NAME: Final = re.compile(r"recordings/(\d)_([a-z]+)_(\d+)\.wav")
TREE: Final = PublishedTree(
    dataset="fsdd",
    url="https://github.com/Jakobovski/free-spoken-digit-dataset/archive/v1.0.10.tar.gz",
    folder="fsdd",
    inside="",
    wanted=lambda name: NAME.fullmatch(name) is not None,
    sha256="8782c8687bf36e8d2d01e06b55b10be32d71701a0366f51fb59fd9be558ff29b",
)
SPEAKERS: Final = ("george", "jackson", "lucas", "nicolas", "theo", "yweweler")
TESTED: Final = 5
"""Repetitions of each speaker and digit, the first ones, that are the official test part."""
VALIDATED: Final = 5
"""Repetitions after those that strings for validation are made of."""
PAUSES: Final = (0.02, 0.15)
"""Shortest and longest pause between the digits of a string, in seconds."""
SEED: Final = 0


@dataclass(frozen=True)
class Spoken:
    """One recording: its file, what is said, by whom (number of the speaker), and which repetition it is."""

    path: Path
    digit: int
    speaker: int
    repetition: int


def recordings(data_dir: Path) -> list[Spoken]:
    """The 3,000 recordings, sorted by name.

    Raises:
        DataError: when they cannot be fetched or are not the published ones.
    """
    found = []
    for name, path in TREE.ready(data_dir).items():
        match = NAME.fullmatch(name)
        assert match is not None  # TREE gives no others
        found.append(Spoken(path, int(match[1]), SPEAKERS.index(match[2]), int(match[3])))
    return found


class FsddSource(Source):
    """Single digits, split by repetition (official) or by speaker.

    Args:
        data_dir: root of the datasets. frontend: makes the frames.
        fold: number of the speaker who is the test part; None for the official split.
        next_validates: whether the next speaker is the validation part; otherwise one is cut off the others.
    """

    name = "fsdd"

    def __init__(self, data_dir: Path, frontend: LogMel, fold: int | None, next_validates: bool) -> None:
        self.data_dir, self.frontend, self.fold, self.next_validates = data_dir, frontend, fold, next_validates

    @property
    def protocol(self) -> Mapping[str, str]:
        if self.fold is None:
            return {"split": "official, repetitions 0-4 for test, the same speakers in all parts"}
        return {"split": f"leave one speaker out, {SPEAKERS[self.fold]} for test"}

    def fingerprint(self) -> str:
        return f"{TREE.sha256} {self.frontend.facts} {self.fold} {self.next_validates}"

    def read(self) -> Corpus:
        found = recordings(self.data_dir)
        files = [File(one.path, DIGITS[one.digit], self._part(one)) for one in found]
        heard = read_files(files, self.frontend, "data=fsdd")
        if heard.faults:
            raise DataError(heard.faults)
        targets, parts = [file.target for file in files], [file.part for file in files]
        return Corpus.of(heard.recordings, targets, parts, self.frontend.facts)

    def _part(self, one: Spoken) -> int:
        if self.fold is None:
            return TEST if one.repetition < TESTED else TRAIN
        if one.speaker == self.fold:
            return TEST
        return VAL if self.next_validates and one.speaker == (self.fold + 1) % len(SPEAKERS) else TRAIN


class FsddStringsSource(Source):
    """Strings of one to five digits of one speaker each, joined with pauses, drawn with seed 0. No recording is heard
    in two parts: the first five repetitions are for test, the next five for validation.

    Args:
        data_dir: root of the datasets. frontend: makes the frames.
        strings: strings to train on; a tenth as many for validation, and for test.
    """

    name = "fsdd_strings"

    def __init__(self, data_dir: Path, frontend: LogMel, strings: int) -> None:
        self.data_dir, self.frontend, self.strings = data_dir, frontend, strings

    @property
    def protocol(self) -> Mapping[str, str]:
        return {"split": "strings of repetitions 0-4 for test, the same speakers in all parts"}

    def fingerprint(self) -> str:
        return f"{TREE.sha256} {self.frontend.facts} {self.strings}"

    def read(self) -> Corpus:
        found = recordings(self.data_dir)
        made = [*self._made(found)]
        frames, targets, parts = zip(*made, strict=True)
        return Corpus.of(frames, targets, parts, self.frontend.facts)

    def _made(self, found: list[Spoken]) -> Iterator[tuple[npt.NDArray[np.float16], str, int]]:
        generator = np.random.default_rng(SEED)
        sounds = {(one.speaker, one.digit, one.repetition): self.frontend.read(one.path) for one in found}
        most = max(one.repetition for one in found) + 1
        spans = {TRAIN: (TESTED + VALIDATED, most), VAL: (TESTED, TESTED + VALIDATED), TEST: (0, TESTED)}
        for part, (first, last) in spans.items():
            for _ in range(self.strings if part == TRAIN else self.strings // 10):
                speaker = int(generator.integers(len(SPEAKERS)))
                digits = [int(digit) for digit in generator.integers(10, size=generator.integers(1, 6))]
                pieces: list[npt.NDArray[np.float32]] = []
                for digit in digits:
                    sound = sounds[speaker, digit, int(generator.integers(first, last))]
                    pause = round(generator.uniform(*PAUSES) * sound.rate)
                    pieces += [np.zeros(pause, np.float32), sound.samples]
                joined = Sound(np.concatenate(pieces), sound.rate)
                yield self.frontend.frames(joined), " ".join(DIGITS[digit] for digit in digits), part
