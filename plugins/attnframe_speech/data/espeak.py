"""Speech made by espeak-ng (https://github.com/espeak-ng/espeak-ng), whose library comes with the package
espeakng-loader.

The library keeps state from one utterance to the next, so the same order of utterances in a fresh process gives the
same samples.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault

RATE: Final = 22050
"""Samples a second."""
PROGRAM: Final = Path(__file__).with_name("espeak_program.py")


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


def speak(utterances: Sequence[Utterance], library: str | None = None) -> list[npt.NDArray[np.float32]]:
    """Samples (n,) in [-1, 1] of each utterance, the same bits each time.

    Args:
        utterances: what is said.
        library: path of espeak-ng's shared library; None for that of espeakng-loader.

    Raises:
        DataError: when espeak-ng cannot be loaded or knows no such voice.
    """
    try:
        import espeakng_loader
    except ImportError as error:
        raise _absent(str(error)) from error
    given = {
        "library": library or espeakng_loader.get_library_path(),
        "data": espeakng_loader.get_data_path(),
        "rate": RATE,
        "utterances": [astuple(one) for one in utterances],
    }
    command = [sys.executable, "-I", "-S", str(PROGRAM)]
    done = subprocess.run(command, input=json.dumps(given).encode(), capture_output=True, check=False)
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise _absent(told[-1] if told else f"exit code {done.returncode}")
    line, _, content = done.stdout.partition(b"\n")
    samples = np.frombuffer(content, np.int16).astype(np.float32) / 32768
    return np.split(samples, np.cumsum(json.loads(line))[:-1])


def _absent(reason: str) -> DataError:
    works = "Install it with: pip install espeakng-loader. Or train on recordings: data=fsdd, data=audio_folder."
    return DataError(Fault("espeak-ng", "must be there to make the embedded speech", reason, works))
