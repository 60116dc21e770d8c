"""What the speed benchmarks share: interleaved rounds, ratios of neighbours, and the record that is written."""

from __future__ import annotations

import datetime
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import torch
from quality import RESULTS, commit, processor

Step = Callable[[], object]


def rounds(steps: Mapping[str, Step], seconds: float, least: int = 5) -> dict[str, list[float]]:
    """Seconds of each step, one of each in turn, so that whatever slows the machine down hits all alike.

    Args:
        steps: what is timed, by name; each is run twice first.
        seconds: time to spend on each.
        least: fewest rounds.
    """
    for step in steps.values():
        step()
        step()
    times: dict[str, list[float]] = {name: [] for name in steps}
    end = time.perf_counter() + seconds * len(steps)
    while time.perf_counter() < end or len(next(iter(times.values()))) < least:
        for name, step in steps.items():
            begin = time.perf_counter()
            step()
            times[name].append(time.perf_counter() - begin)
    return times


def ratios(times: Mapping[str, list[float]], ours: str) -> dict[str, float]:
    """Median over rounds of each peer's time over ours; above 1 ours is faster."""
    return {
        peer: statistics.median(p / o for p, o in zip(taken, times[ours], strict=True))
        for peer, taken in times.items()
        if peer != ours
    }


def write(case: str, what: str, times: Mapping[str, list[float]], ours: str, **more: Any) -> dict[str, Any]:
    """Write benchmarks/results/speed-CASE.json.

    Args:
        case: name of the record.
        what: what was done, in words.
        times: of `rounds`. ours: the name of our own step.
        more: further fields, such as the bar and the versions of peers.
    """
    record = {
        "command": f"python {' '.join(os.path.relpath(part) if os.path.exists(part) else part for part in sys.argv)}",
        "what": what,
        "ratios": ratios(times, ours),
        "milliseconds": {name: statistics.median(taken) * 1e3 for name, taken in times.items()},
        "rounds": len(times[ours]),
        **more,
        "threads": torch.get_num_threads(),
        "torch": version("torch"),
        "commit": commit(),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "hardware": f"{processor()}, {os.cpu_count()} cores",
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"speed-{case}.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return record
