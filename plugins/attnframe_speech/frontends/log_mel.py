"""Log mel energies of sound files."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import soundfile
import torch
import torchaudio

from attnframe_speech.frontends.base import HOP_SECONDS, Frames, Frontend, Unheard

WINDOW_SECONDS: Final = 0.025
LOW: Final = 20.0
"""Hz at which the lowest channel begins."""
FLOOR: Final = 1e-6
"""Energy added before the logarithm, below what 16 bits can hold."""
FULL: Final = 0.999
"""Magnitude from which a sample is at full scale, where full scale is 1."""
CLIPPED: Final = 1e-3
"""Share of samples at full scale from which a recording counts as clipped."""
ENDINGS: Final = frozenset({".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".au", ".w64", ".sph"})


class Sound(NamedTuple):
    """What a sound file holds.

    Args:
        samples: (n,) float32 in [-1, 1], the mean of its channels.
        rate: samples a second.
    """

    samples: npt.NDArray[np.float32]
    rate: int


class LogMel(Frontend):
    """Log energies of mel bands (Davis and Mermelstein 1980, https://doi.org/10.1109/TASSP.1980.1163420) by torchaudio,
    over Hann windows of 25 ms every 10 ms. Sounds of another rate are resampled.

    Args:
        rate: samples a second that sounds are brought to.
        mels: number F of channels.
    """

    name: ClassVar[str] = "log_mel"
    endings: ClassVar[frozenset[str]] = ENDINGS

    def __init__(self, rate: int, mels: int) -> None:
        super().__init__(mels, LOW, rate / 2)
        self.rate = rate
        self.window, self.hop = round(WINDOW_SECONDS * rate), round(HOP_SECONDS * rate)

    @property
    def facts(self) -> dict[str, Any]:
        return {"name": self.name, "rate": self.rate, "mels": self.mels}

    def read(self, path: Path) -> Sound:
        try:
            samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        except (OSError, RuntimeError) as error:  # RuntimeError is the base of libsndfile's own
            raise Unheard("is no sound that libsndfile reads") from error
        return self.heard(samples.mean(1), int(rate))

    def heard(self, samples: npt.NDArray[np.float32], rate: int) -> Sound:
        """A sound, held against what can be heard.

        Raises:
            Unheard: when it is shorter than a window, not finite or silent throughout.
        """
        if len(samples) < WINDOW_SECONDS * rate:
            raise Unheard(f"is empty: {1000 * len(samples) / rate:.0f} ms of sound, below one window of 25 ms")
        if not np.isfinite(samples).all():
            raise Unheard("holds samples that are no finite numbers")
        if np.ptp(samples) == 0:
            raise Unheard("is silent throughout")
        return Sound(samples, rate)

    def remarks(self, content: Sound) -> frozenset[str]:
        found = set()
        if content.rate != self.rate:
            found.add("resampled")
        if (np.abs(content.samples) >= FULL).mean() >= CLIPPED:
            found.add("clipped")
        return frozenset(found)

    def frames(self, content: Sound) -> Frames:
        samples = torch.from_numpy(np.ascontiguousarray(content.samples, dtype=np.float32))
        with torch.no_grad():
            if content.rate != self.rate:
                samples = torchaudio.functional.resample(samples, content.rate, self.rate)
            if len(samples) < self.window:
                samples = torch.nn.functional.pad(samples, (0, self.window - len(samples)))
            energies: npt.NDArray[np.float32] = (self._mel(samples) + FLOOR).log().T.numpy()
        return energies.astype(np.float16)

    @cached_property
    def _mel(self) -> torchaudio.transforms.MelSpectrogram:
        # Twice the transform that the window needs, so that no low channel falls between two of its bins.
        size = 2 << (self.window - 1).bit_length()
        return torchaudio.transforms.MelSpectrogram(
            self.rate,
            size,
            self.window,
            self.hop,
            LOW,
            self.rate / 2,
            n_mels=self.mels,
            center=True,
            pad_mode="constant",
        )

    def write_example(self, folder: Path) -> Path:
        """Half a second of a rising tone."""
        path = folder / "tone.wav"
        time = np.arange(self.rate // 2) / self.rate
        soundfile.write(path, 0.3 * np.sin(2 * np.pi * (300 + 400 * time) * time), self.rate)
        return path
