"""What every source of recordings gives: frames, targets and the parts that the data bring."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from attnframe_speech.frontends.base import Frames


@dataclass(frozen=True)
class Corpus:
    """A set of recordings.

    Args:
        frames: (M, F) float16, the frames of all recordings one after the other, possibly memory-mapped.
        starts: (N + 1,) int64, where each recording begins, and M.
        targets: of the N recordings: a label or a transcript.
        parts: (N,) uint8, `TRAIN`, `VAL` or `TEST` of `attnframe.plugin.splitting` as the data bring it.
        frontend: facts of the frontend that made the frames.
        remarks: what a user should know of the files, a line each.
    """

    frames: npt.NDArray[np.float16]
    starts: npt.NDArray[np.int64]
    targets: tuple[str, ...]
    parts: npt.NDArray[np.uint8]
    frontend: Mapping[str, Any]
    remarks: tuple[str, ...] = ()

    @staticmethod
    def of(
        recordings: Sequence[Frames],
        targets: Sequence[str],
        parts: Sequence[int],
        frontend: Mapping[str, Any],
        remarks: Sequence[str] = (),
    ) -> Corpus:
        """A corpus of recordings (T, F)."""
        starts = np.cumsum([0, *(len(one) for one in recordings)])
        frames = np.concatenate(recordings) if recordings else np.zeros((0, int(frontend["mels"])), np.float16)
        return Corpus(frames, starts, tuple(targets), np.array(parts, np.uint8), frontend, tuple(remarks))

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """(N,) frames of each recording."""
        found: npt.NDArray[np.int64] = np.diff(self.starts)
        return found


class Source(ABC):
    """Where recordings come from."""

    name: str
    """Name of the data set, for its cache folder."""

    @property
    def protocol(self) -> Mapping[str, str]:
        """How the parts are to be read, by name; empty where they need no word."""
        return {}

    @abstractmethod
    def fingerprint(self) -> str:
        """A text that changes whenever `read` would give something else; cheap beside `read`.

        Raises:
            DataError: with every fault that shows without decoding.
        """

    @abstractmethod
    def read(self) -> Corpus:
        """Decode everything.

        Raises:
            DataError: with every fault of the data.
        """
