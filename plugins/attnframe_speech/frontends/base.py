"""The contract of a frontend."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.float16]
"""(T, F) log mel energies, natural logarithm."""

HOP_SECONDS: Final = 0.01
"""Seconds from one frame to the next."""


class Frontend(ABC):
    """From a file to frames of log mel energies, 100 a second.

    Args:
        mels: number F of channels.
        low: Hz at which the lowest channel begins. high: Hz at which the highest one ends.
    """

    name: ClassVar[str]
    """How facts call it."""
    endings: ClassVar[frozenset[str]]
    """Endings of the files that it reads, lower case, with the dot."""

    def __init__(self, mels: int, low: float, high: float) -> None:
        self.mels, self.low, self.high = mels, low, high

    @property
    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """Plain values that `frontend_of` makes it of again."""

    @abstractmethod
    def read(self, path: Path) -> Any:
        """The content of a file.

        Raises:
            Unheard: with the reason, when nothing can be heard in it.
        """

    @abstractmethod
    def frames(self, content: Any) -> Frames:
        """Frames (T, F) of what `read` gave, T at least 1."""

    @abstractmethod
    def remarks(self, content: Any) -> frozenset[str]:
        """What a user should know of such a file though it can be used: ``resampled``, ``clipped``."""

    @abstractmethod
    def write_example(self, folder: Path) -> Path:
        """Write a small file that `read` reads; its path."""


class Unheard(Exception):
    """A file in which nothing can be heard; the text is the reason."""


def frontend_of(facts: Mapping[str, Any]) -> Frontend:
    """The frontend that ``facts["frontend"]`` describes."""
    from attnframe_speech.frontends.cepstra import Cepstra
    from attnframe_speech.frontends.log_mel import LogMel

    about = dict(facts["frontend"])
    name = about.pop("name")
    return LogMel(**about) if name == LogMel.name else Cepstra(**about)
