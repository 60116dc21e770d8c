"""The data module of recordings with a transcript each."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import Tensor

from attnframe.errors import Fault
from attnframe.plugin.contract import Facts
from attnframe_speech.data.batches import Recordings
from attnframe_speech.data.corpus import Corpus
from attnframe_speech.data.module import SpeechModule
from attnframe_speech.letters import Letters

SHOWN = 5
"""Transcripts that an error names."""


class TranscriptSplit:
    """One part; a batch is ``{"features": (n, T, F) float32, "frames": (n,), "letters": (n, U), "lengths": (n,)}``, the
    last three int64, letters 0 where a transcript is over.

    Args:
        recordings: of this part.
        transcripts: of this part.
        letters: numbers letters.
    """

    def __init__(self, recordings: Recordings, transcripts: list[str], letters: Letters) -> None:
        self.recordings, self.transcripts = recordings, transcripts
        self.letters, self.sizes = letters.padded(transcripts)

    @property
    def lengths(self) -> Tensor:
        """(N,) frames of each recording, so that training batches hold recordings of about the same length."""
        return self.recordings.lengths

    def __len__(self) -> int:
        return len(self.recordings)

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The batch of the recordings at `indices` (n,) of this part."""
        sizes = self.sizes[indices]
        letters = self.letters[indices, : int(sizes.max())]
        return {**self.recordings.padded(indices), "letters": letters, "lengths": sizes}


class TranscriptModule(SpeechModule):
    """Recordings with a transcript each. Facts: ``letters`` (of the transcripts, sorted) beside those of
    `SpeechModule`."""

    train: TranscriptSplit
    val: TranscriptSplit
    test: TranscriptSplit

    def strata(self, corpus: Corpus) -> npt.NDArray[np.int64]:
        return np.zeros(len(corpus.targets), np.int64)

    def target_faults(self, corpus: Corpus, parts: npt.NDArray[np.uint8]) -> list[Fault]:
        empty = [number for number, text in enumerate(corpus.targets) if not text]
        found = []
        if empty:
            found.append(Fault("data", "must have a transcript for every recording", f"{len(empty)} empty ones"))
        short = [
            text for text, frames in zip(corpus.targets, corpus.lengths.tolist(), strict=True) if _needs(text) > frames
        ]
        if short:
            works = "Look whether recordings and transcripts belong together."
            got = f"{len(short)} that are not, such as {short[0][:60]!r}"
            found.append(
                Fault("data", "must have recordings long enough for their transcripts, a frame a letter", got, works)
            )
        if self.known_facts is not None:
            known = set(self.known_facts["letters"])
            unknown = sorted({letter for text in corpus.targets for letter in text} - known)
            if unknown:
                works = f"Known: {' '.join(repr(letter) for letter in sorted(known))}."
                got = ", ".join(repr(letter) for letter in unknown[:20])
                found.append(Fault("data", "must be written in letters that the model was trained on", got, works))
        return found

    def target_facts(self, corpus: Corpus, train: npt.NDArray[np.int64]) -> Facts:
        return {"letters": sorted({letter for text in corpus.targets for letter in text})}

    def make_splits(
        self,
        corpus: Corpus,
        train: npt.NDArray[np.int64],
        val: npt.NDArray[np.int64],
        test: npt.NDArray[np.int64],
    ) -> None:
        letters = Letters(self.facts["letters"])
        self.train, self.val, self.test = (
            TranscriptSplit(Recordings(corpus, members), [corpus.targets[one] for one in members], letters)
            for members in (train, val, test)
        )

    def floor(self) -> dict[str, Any]:
        return best_constant(self.train.transcripts, self.test.transcripts)


def _needs(text: str) -> int:
    """Positions that a text needs under CTC: one for each letter, and one between equal neighbours."""
    return len(text) + sum(first == second for first, second in pairwise(text))


def best_constant(train: list[str], test: list[str]) -> dict[str, Any]:
    """Word and letter error rate on the test part of the constant answer that has the fewest word errors on the
    training part: among the commonest transcripts and the commonest words."""
    import jiwer

    common = [text for text, _ in Counter(train).most_common(SHOWN)]
    words = [word for word, _ in Counter(word for text in train for word in text.split()).most_common(SHOWN)]
    sample = train[:: max(len(train) // 1000, 1)]
    answer = min(dict.fromkeys([*common, *words]), key=lambda text: jiwer.wer(sample, [text] * len(sample)))
    said = [answer] * len(test)
    shown = answer if len(answer) <= 30 else answer[:30] + " …"
    return {
        "name": f"always “{shown}”",
        "test/wer": float(jiwer.wer(test, said)),
        "test/cer": float(jiwer.cer(test, said)),
    }
