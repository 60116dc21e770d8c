"""What the data modules of labels and of transcripts have in common."""

from __future__ import annotations

import hashlib
import math
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe.plugin.data import DataModule
from attnframe.plugin.splitting import TEST, TRAIN, VAL, complete_parts
from attnframe_speech.data import cache
from attnframe_speech.data.augmentation import Augmentation
from attnframe_speech.data.corpus import Corpus, Source
from attnframe_speech.frontends.base import frontend_of
from attnframe_speech.recipes.speech import SpeechData

STATISTICS = 2000
"""Training recordings that mean and deviation are measured on, evenly spaced."""
PARTS = {"train": TRAIN, "val": VAL, "test": TEST}


class SpeechModule(DataModule, ABC):
    """Recordings of one source, transformed once, split, with the facts that a model needs.

    Facts: ``frontend``, ``frames`` (of the longest recording, with room for augmentation), ``centre``, and ``mean``
    and ``std`` of each channel over training frames.

    Args:
        recipe: batches and augmentation.
        source: where the recordings come from.
        cache_dir: root of derived files.
    """

    def __init__(self, recipe: SpeechData, source: Source, cache_dir: Path) -> None:
        self.recipe, self.source, self.cache_dir = recipe, source, cache_dir

    def setup(self) -> None:
        corpus, content = cache.load(self.source, self.cache_dir)
        faults = [] if self.known_facts is None else frontend_faults(corpus, self.known_facts)
        parts = complete_parts(corpus.parts, self.strata(corpus), self.recipe.split)
        faults += [*part_faults(parts, self.recipe), *self.target_faults(corpus, parts)]
        if faults:
            raise DataError(faults)
        self.digest = hashlib.sha256(content.encode() + parts.tobytes()).hexdigest()
        members = [np.flatnonzero(parts == part) for part in PARTS.values()]
        self.facts = self._facts(corpus, members[0]) if self.known_facts is None else self.known_facts
        self.make_splits(corpus, *members)
        self.protocol = self.source.protocol
        self._augmentation = Augmentation(self.recipe, frontend_of(self.facts), self.facts["frames"])

    @abstractmethod
    def strata(self, corpus: Corpus) -> npt.NDArray[np.int64]:
        """(N,) numbers within which missing parts are cut off."""

    @abstractmethod
    def target_faults(self, corpus: Corpus, parts: npt.NDArray[np.uint8]) -> list[Fault]:
        """What is wrong with the targets of the parts (N,)."""

    @abstractmethod
    def target_facts(self, corpus: Corpus, train: npt.NDArray[np.int64]) -> Facts:
        """What a model must know of the targets; `train` (n,) are the recordings to train on."""

    @abstractmethod
    def make_splits(
        self,
        corpus: Corpus,
        train: npt.NDArray[np.int64],
        val: npt.NDArray[np.int64],
        test: npt.NDArray[np.int64],
    ) -> None:
        """Make `train`, `val` and `test` by `facts`."""

    def augment(self, batch: Any) -> Any:
        return self._augmentation(batch)

    def _facts(self, corpus: Corpus, train: npt.NDArray[np.int64]) -> Facts:
        recipe = self.recipe
        mean, std = statistics(corpus, train, recipe.centre)
        room = (1 + 2 * recipe.shift) / (1 - recipe.stretch)
        return {
            **self.target_facts(corpus, train),
            "frontend": dict(corpus.frontend),
            "frames": math.ceil(room * int(corpus.lengths.max())) + 1,
            "centre": recipe.centre,
            "mean": mean,
            "std": std,
        }


def statistics(corpus: Corpus, train: npt.NDArray[np.int64], centre: bool) -> tuple[list[float], list[float]]:
    """Mean and deviation of each channel over training recordings, each brought to mean 0 first where `centre`."""
    chosen = train[:: max(len(train) // STATISTICS, 1)]
    recordings = [corpus.frames[corpus.starts[one] : corpus.starts[one + 1]].astype(np.float32) for one in chosen]
    if centre:
        recordings = [one - one.mean(0) for one in recordings]
    frames = np.concatenate(recordings)
    return [float(one) for one in frames.mean(0)], [max(float(one), 1e-3) for one in frames.std(0)]


def part_faults(parts: npt.NDArray[np.uint8], recipe: SpeechData) -> list[Fault]:
    """A fault for each part without recordings."""
    works = "Give each a share with data.split=[0.8,0.1,0.1]."
    return [
        Fault("data.split", f"must leave recordings for {name}", str(list(recipe.split)), works)
        for name, part in PARTS.items()
        if not (parts == part).any()
    ]


def frontend_faults(corpus: Corpus, facts: Facts) -> list[Fault]:
    """What is wrong with frames for a model that was trained on those that `facts` describe."""
    wanted, got = facts["frontend"], dict(corpus.frontend)
    if wanted == got:
        return []
    works = " ".join(f"data.{name}={wanted[name]}" for name in wanted if wanted[name] != got.get(name))
    return [
        Fault("data", f"must give the features that the model was trained on, {wanted}", str(got), f"Give {works}.")
    ]
