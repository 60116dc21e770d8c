"""The program that speaks: utterances as JSON from standard input, samples to standard output.

It runs by itself, with Python's own modules only. The first line of the output is the list of the numbers of samples,
as JSON; then come the samples of all utterances, int16 in the machine's order.
"""

from __future__ import annotations

import ctypes
import json
import sys
from typing import Any, Final

_SYNCHRONOUS, _UTF8, _CHARACTERS = 2, 1, 1
_SPEED, _PITCH = 1, 3
_SEED: Final = 1


class Espeak:
    """The library, ready to speak.

    Args:
        library: path of the shared library. data: path of its data.
        rate: samples a second that it must give.

    Raises:
        OSError: the library cannot be loaded.
        RuntimeError: it does not start.
    """

    def __init__(self, library: str, data: str, rate: int) -> None:
        self.library: Any = ctypes.CDLL(library)
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
        self._taken: list[bytes] = []
        self._callback = kind(self._take)  # kept: the library calls it
        got = self.library.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), 0)
        if got != rate:
            raise RuntimeError(f"espeak-ng gives {got} samples a second instead of {rate}")
        self.library.espeak_SetSynthCallback(self._callback)
        self.library.espeak_ng_SetRandSeed(_SEED)  # breath is drawn at random

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if count and samples:
            self._taken.append(ctypes.string_at(samples, 2 * count))
        return 0

    def say(self, text: str, voice: str, speed: int, pitch: int) -> bytes:
        """The samples of an utterance.

        Raises:
            RuntimeError: there is no such voice.
        """
        if self.library.espeak_SetVoiceByName(voice.encode()):
            raise RuntimeError(f"espeak-ng has no voice {voice}")
        self.library.espeak_SetParameter(_SPEED, speed, 0)
        self.library.espeak_SetParameter(_PITCH, pitch, 0)
        self._taken.clear()
        content = text.encode() + b"\0"
        self.library.espeak_Synth(content, len(content), 0, _CHARACTERS, 0, _UTF8, None, None)
        self.library.espeak_Synchronize()
        return b"".join(self._taken)


def main() -> None:
    """Say what is given as ``{"library": …, "data": …, "rate": …, "utterances": [[text, voice, speed, pitch], …]}``."""
    given = json.load(sys.stdin)
    try:
        espeak = Espeak(given["library"], given["data"], given["rate"])
        said = [espeak.say(*one) for one in given["utterances"]]
    except (OSError, RuntimeError) as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(json.dumps([len(one) // 2 for one in said]).encode() + b"\n")
    sys.stdout.buffer.write(b"".join(said))


if __name__ == "__main__":
    main()
