"""The data module of recordings with one label each."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe.errors import Fault
from attnframe.plugin.contract import Facts
from attnframe.plugin.splitting import TRAIN
from attnframe_speech.data.batches import Recordings
from attnframe_speech.data.corpus import Corpus
from attnframe_speech.data.floor import nearest_mean
from attnframe_speech.data.module import SpeechModule


class KeywordSplit:
    """One part; a batch is ``{"features": (n, T, F) float32, "frames": (n,) int64, "labels": (n,) int64}``.

    Args:
        recordings: of this part.
        labels: (n,) class indices of this part.
    """

    def __init__(self, recordings: Recordings, labels: Tensor) -> None:
        self.recordings, self.labels = recordings, labels

    def __len__(self) -> int:
        return len(self.recordings)

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The batch of the recordings at `indices` (n,) of this part."""
        return {**self.recordings.padded(indices), "labels": self.labels[indices]}


class KeywordModule(SpeechModule):
    """Recordings with one label each. Facts: ``classes`` (names) beside those of `SpeechModule`."""

    train: KeywordSplit
    val: KeywordSplit
    test: KeywordSplit

    def strata(self, corpus: Corpus) -> npt.NDArray[np.int64]:
        return np.unique(np.array(corpus.targets), return_inverse=True)[1].astype(np.int64)

    def target_faults(self, corpus: Corpus, parts: npt.NDArray[np.uint8]) -> list[Fault]:
        targets = np.array(corpus.targets)
        if self.known_facts is not None:
            works = f"Known: {', '.join(self.known_facts['classes'])}."
            return [
                Fault(f"class {name}", "must be one that the model was trained on", "", works)
                for name in np.unique(targets)
                if name not in self.known_facts["classes"]
            ]
        found = [
            Fault(f"class {name}", "must have recordings to train on", "none", "Add recordings or drop the class.")
            for name in np.unique(targets)
            if not (parts[targets == name] == TRAIN).any()
        ]
        if len(np.unique(targets)) < 2:
            found.append(Fault("data", "must hold at least two classes", ", ".join(np.unique(targets))))
        return found

    def target_facts(self, corpus: Corpus, train: npt.NDArray[np.int64]) -> Facts:
        return {"classes": sorted(set(corpus.targets))}

    def make_splits(
        self,
        corpus: Corpus,
        train: npt.NDArray[np.int64],
        val: npt.NDArray[np.int64],
        test: npt.NDArray[np.int64],
    ) -> None:
        numbers = {name: number for number, name in enumerate(self.facts["classes"])}
        labels = torch.tensor([numbers[target] for target in corpus.targets])
        self.train, self.val, self.test = (
            KeywordSplit(Recordings(corpus, members), labels[torch.from_numpy(members)])
            for members in (train, val, test)
        )

    def floor(self) -> dict[str, Any]:
        return nearest_mean(self.train, self.test)
