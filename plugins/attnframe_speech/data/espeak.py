"""Speech made by espeak-ng (https://github.com/espeak-ng/espeak-ng), whose library comes with the package
espeakng-loader.

The library keeps state from one utterance to the next, so the same order of utterances in a fresh process gives the
same samples: `speak` runs this file as a program, which reads utterances as JSON and writes their samples.
"""

from __future__ import annotations

import ctypes
import io
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

RATE: Final = 22050
"""Samples a second."""
_SYNCHRONOUS, _UTF8, _POSITION_CHARACTER = 2, 1, 1
_SPEED, _PITCH = 1, 3


@dataclass(frozen=True)
class Utterance:
    """What is said, and how.

    Args:
        text: English words.
        voice: an espeak voice, with a variant after a plus sign, such as ``en-us+f2``.
        speed: words a minute, 80 to 450. pitch: 0 to 99.
    """

    text: str
    voice: str
    speed: int
    pitch: int


def speak(utterances: Sequence[Utterance]) -> list[npt.NDArray[np.float32]]:
    """Samples (n,) in [-1, 1] of each utterance, the same bits each time.

    Raises:
        DataError: when espeak-ng cannot be loaded or knows no such voice.
    """
    from attnframe.errors import DataError, Fault

    given = json.dumps([astuple(one) for one in utterances]).encode()
    done = subprocess.run([sys.executable, "-I", __file__], input=given, capture_output=True, check=False)
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        got = told[-1] if told else f"exit code {done.returncode}"
        works = "Install it with: pip install espeakng-loader. Or train on recordings: data=fsdd, data=audio_folder."
        raise DataError(Fault("espeak-ng", "must be there to make the embedded speech", got, works))
    with io.BytesIO(done.stdout) as stream:
        lengths, samples = np.load(stream), np.load(stream)
    return [part.astype(np.float32) / 32768 for part in np.split(samples, np.cumsum(lengths)[:-1])]


class _Espeak:
    """The library, ready."""

    def __init__(self) -> None:
        import espeakng_loader  # here, so that only the program needs it

        self.library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
        self._taken: list[npt.NDArray[np.int16]] = []
        self._callback = kind(self._take)  # kept: the library calls it
        rate = self.library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
        if rate != RATE:
            raise RuntimeError(f"espeak-ng gives {rate} samples a second instead of {RATE}")
        self.library.espeak_SetSynthCallback(self._callback)
        self.library.espeak_ng_SetRandSeed(1)  # breath is drawn at random

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if count and samples:
            self._taken.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    def say(self, text: str, voice: str, speed: int, pitch: int) -> npt.NDArray[np.int16]:
        if self.library.espeak_SetVoiceByName(voice.encode()):
            raise RuntimeError(f"espeak-ng has no voice {voice}")
        self.library.espeak_SetParameter(_SPEED, speed, 0)
        self.library.espeak_SetParameter(_PITCH, pitch, 0)
        self._taken.clear()
        content = text.encode() + b"\0"
        self.library.espeak_Synth(content, len(content), 0, _POSITION_CHARACTER, 0, _UTF8, None, None)
        self.library.espeak_Synchronize()
        return np.concatenate(self._taken) if self._taken else np.zeros(0, np.int16)


def _said(given: Iterable[tuple[str, str, int, int]]) -> Iterator[npt.NDArray[np.int16]]:
    espeak = _Espeak()
    for one in given:
        yield espeak.say(*one)


def main() -> None:
    """Utterances from standard input, lengths and samples to standard output."""
    try:
        said = [*_said(json.load(sys.stdin))]
    except (ImportError, OSError, RuntimeError) as error:
        sys.exit(str(error))
    with io.BytesIO() as stream:  # numpy asks a file for its position, which a pipe has not
        np.save(stream, np.array([len(one) for one in said], np.int64))
        np.save(stream, np.concatenate(said) if said else np.zeros(0, np.int16))
        sys.stdout.buffer.write(stream.getvalue())


if __name__ == "__main__":
    main()
