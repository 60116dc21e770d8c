"""Interleaved rounds: one step of each contender in turn, so that whatever slows the machine down hits all alike."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence

Step = Callable[[], object]
"""One piece of work that is timed; it ends when the device is done."""


def rounds(steps: Mapping[str, Step], seconds: float, least: int = 3) -> dict[str, list[float]]:
    """Seconds of each step, one of each in turn.

    Args:
        steps: what is timed, by name; each is run first without being timed, twice where that takes no longer than
            `seconds`.
        seconds: time to spend on each.
        least: fewest rounds.
    """
    for step in steps.values():
        begin = time.perf_counter()
        step()
        if time.perf_counter() - begin < seconds / 2:
            step()
    times: dict[str, list[float]] = {name: [] for name in steps}
    end = time.perf_counter() + seconds * len(steps)
    while time.perf_counter() < end or len(next(iter(times.values()))) < least:
        for name, step in steps.items():
            begin = time.perf_counter()
            step()
            times[name].append(time.perf_counter() - begin)
    return times


def paired_ratio(theirs: Sequence[float], ours: Sequence[float]) -> float:
    """Median over rounds of their time over ours; above 1 ours is faster."""
    return statistics.median(their / our for their, our in zip(theirs, ours, strict=True))


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The power of the size with which a value grows: slope of a line through the logarithms.

    Args:
        sizes: at least two different ones, above 0. values: as many, above 0.
    """
    return statistics.linear_regression([*map(math.log, sizes)], [*map(math.log, values)]).slope
