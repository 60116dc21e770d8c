"""Cepstra in files of CMU Sphinx."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

from attnframe_speech.frontends.base import Frames, Frontend, Unheard

COEFFICIENTS: Final = 13


class Cepstra(Frontend):
    r"""Files of 13 mel-frequency cepstral coefficients a frame, 100 frames a second (CMU Sphinx, https://cmusphinx.github.io):
    a big-endian int32 with the number of values, then the values as big-endian float32.

    The smooth log mel energies that they describe are what a model sees, so that bands can be masked and warped as
    those of sounds:

    .. math:: x_f = c_0 + 2 \sum_{k=1}^{12} c_k \cos(\pi k (f + 1/2) / F)

    Args:
        mels: number F of channels. low: Hz at which the lowest begins. high: Hz at which the highest ends.
    """

    name: ClassVar[str] = "cepstra"
    endings: ClassVar[frozenset[str]] = frozenset({".mfc"})

    def __init__(self, mels: int = 40, low: float = 130.0, high: float = 6800.0) -> None:
        super().__init__(mels, low, high)
        turns = np.pi * np.arange(COEFFICIENTS)[:, None] * (np.arange(mels) + 0.5) / mels
        self._waves = (np.cos(turns) * np.where(np.arange(COEFFICIENTS) == 0, 1, 2)[:, None]).astype(np.float32)

    @property
    def facts(self) -> dict[str, Any]:
        return {"name": self.name, "mels": self.mels, "low": self.low, "high": self.high}

    def read(self, path: Path) -> npt.NDArray[np.float32]:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise Unheard(error.strerror or str(error)) from error
        values = np.frombuffer(content[4 : len(content) // 4 * 4], ">f4").astype(np.float32)
        count = int.from_bytes(content[:4], "big")
        if count != len(values) or len(content) % 4 or count % COEFFICIENTS:
            raise Unheard(f"is no file of {COEFFICIENTS} cepstra a frame: {len(values)} values, {count} announced")
        if not count:
            raise Unheard("is empty: no frame")
        if not np.isfinite(values).all():
            raise Unheard("holds values that are no finite numbers")
        return values.reshape(-1, COEFFICIENTS)

    def frames(self, content: npt.NDArray[np.float32]) -> Frames:
        return (content @ self._waves).astype(np.float16)

    def remarks(self, content: Any) -> frozenset[str]:
        return frozenset()

    def write_example(self, folder: Path) -> Path:
        """Half a second in which the first coefficients rise and fall."""
        path = folder / "example.mfc"
        values = np.zeros((50, COEFFICIENTS), ">f4")
        values[:, 0], values[:, 1] = np.hanning(50), np.sin(np.arange(50) / 5)
        path.write_bytes(values.size.to_bytes(4, "big") + values.tobytes())
        return path
