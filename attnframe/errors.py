"""The exception classes of attnframe. Torch-free.

Two kinds reach a user: what they can mend (`ConfigurationError`, exit code 2, one screen, no traceback) and what failed
while running (`RunError`, exit code 1, trace in the run folder's log).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class AttnframeError(Exception):
    """Base of every error that attnframe raises on purpose."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with what a user gave.

    Args:
        where: the full key or path at fault, e.g. ``attention.num_kv_heads`` or ``data.path``.
        must: what it must be, as the end of a sentence, e.g. ``must divide num_heads=8``.
        got: what it was, already formatted; empty when there is nothing to show.
        works: what would work, e.g. ``Possible: 1, 2, 4, 8.``; empty when there is no advice.
    """

    where: str
    must: str
    got: str = ""
    works: str = ""

    def __str__(self) -> str:
        parts = [f"{self.where} {self.must}."]
        if self.got:
            parts.append(f"Got {self.got}.")
        if self.works:
            parts.append(self.works)
        return " ".join(parts)


class ConfigurationError(AttnframeError):
    """The configuration or an input is wrong; carries every fault found, not only the first.

    Args:
        faults: what is wrong, in the order in which it was found; duplicates are dropped.
    """

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        given = (faults,) if isinstance(faults, Fault) else tuple(faults)
        self.faults: tuple[Fault, ...] = tuple(dict.fromkeys(given))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class DataError(ConfigurationError):
    """A user's data (a path, a file, a download) is wrong."""


class CheckpointError(ConfigurationError):
    """A checkpoint cannot be read, trusted or used."""


class PluginError(ConfigurationError):
    """A plugin is broken, missing or made for another API version."""


class UnsupportedError(ConfigurationError):
    """The engine cannot serve a request exactly, and says why and what would work."""


class RunError(AttnframeError):
    """A run failed after it started (out of memory, loss not finite, …); the message says what to change."""


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Advice for an unknown name: the near misses first, then every known name, sorted."""
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    listed = ", ".join(sorted(known))
    if near:
        return f"Did you mean {' or '.join(near)}? Known: {listed}."
    return f"Known: {listed}."
