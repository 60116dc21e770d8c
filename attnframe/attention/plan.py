"""The planner: which backend serves a request, and why not the others."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from attnframe.errors import Fault, UnsupportedError

if TYPE_CHECKING:
    from attnframe.attention.backends.base import Backend, Request

logger = logging.getLogger("attnframe.attention")

AMPLE_BYTES = 2**30
"""A backend that would take more than this is passed over for one that takes less."""


@dataclass(frozen=True)
class Verdict:
    """What the planner thinks of one way of computing.

    Args:
        name: of the backend or form.
        reasons: why it was not chosen; for the chosen one how it writes what it has no argument for.
        possible: whether it could have served the request.
        memory: bytes expected besides inputs and output; None when that is not known.
    """

    name: str
    reasons: tuple[str, ...] = ()
    possible: bool = True
    memory: int | None = None


@dataclass(frozen=True)
class Plan:
    """The way that was chosen, and every way that was considered.

    Args:
        chosen: name of the backend or form.
        verdicts: one a way, in order of preference.
    """

    chosen: str
    verdicts: tuple[Verdict, ...]

    @classmethod
    def only(cls, name: str) -> Plan:
        """The plan of a mixer that has one way of computing."""
        return cls(name, (Verdict(name),))

    def reasons(self) -> str:
        """A table: each way, whether it was chosen, the memory expected, and why it was not chosen."""
        rows = [("backend", "verdict", "memory", "reasons")]
        for verdict in self.verdicts:
            state = "chosen" if verdict.name == self.chosen else "possible" if verdict.possible else "rejected"
            rows.append((verdict.name, state, _in_words(verdict.memory), "; ".join(verdict.reasons)))
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines = ["  ".join([*(c.ljust(w) for c, w in zip(row, widths, strict=False)), row[3]]).rstrip() for row in rows]
        return "\n".join(lines)


def choose(request: Request, backends: Sequence[Backend], wanted: str) -> Plan:
    """Choose among backends in order of preference.

    Args:
        request: what is to be computed.
        backends: in order of preference.
        wanted: a backend's name, or ``auto``.

    Raises:
        UnsupportedError: when the backend that was named cannot serve the request, with every reason and what would
            work.
    """
    refusals = {backend.name: tuple(backend.why_not(request)) for backend in backends}
    able = [name for name, reasons in refusals.items() if not reasons]
    if wanted != "auto" and refusals[wanted]:
        must = f"must be able to serve the call, and {wanted} is not: {'; '.join(refusals[wanted])}"
        works = " or ".join(f"attention.backend={name}" for name in ("auto", *able))
        raise UnsupportedError(Fault("attention.backend", must, wanted, f"Use {works}."))
    memory = {backend.name: backend.memory(request) for backend in backends}
    drawbacks = {backend.name: _drawbacks(backend, request, memory[backend.name]) for backend in backends}
    good = [name for name in able if not drawbacks[name]]
    chosen = wanted if wanted != "auto" else good[0] if good else min(able, key=lambda name: memory[name])
    notes = {backend.name: tuple(backend.notes(request)) for backend in backends}
    verdicts = []
    for name, refusal in refusals.items():
        other = (f"attention.backend={wanted} was asked for",) if wanted != "auto" else (f"{chosen} is preferred",)
        why = refusal or (notes[name] if name == chosen else drawbacks[name] or other)
        verdicts.append(Verdict(name, why, not refusal, memory[name] if not refusal else None))
    return Plan(chosen, tuple(verdicts))


def _drawbacks(backend: Backend, request: Request, memory: int) -> tuple[str, ...]:
    large = [f"takes more than {_in_words(AMPLE_BYTES)}"] if memory > AMPLE_BYTES else []
    return (*backend.why_slow(request), *large)


def _in_words(count: int | None) -> str:
    if count is None:
        return "-"
    size, units = float(count), ["B", "KiB", "MiB", "GiB", "TiB"]
    while size >= 1024 and len(units) > 1:
        size, _ = size / 1024, units.pop(0)
    return f"{size:.0f} {units[0]}"


@cache
def log_once(text: str) -> None:
    """Log a warning the first time that it comes up in this process."""
    logger.warning(text)
