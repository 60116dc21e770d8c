"""What the speed benchmarks share: interleaved rounds, ratios of neighbours, and the record that is written."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import records
import torch

from attnframe.bench.timing import Step, paired_ratio, rounds

__all__ = ["Step", "main", "ratios", "rounds", "write"]


def ratios(times: Mapping[str, list[float]], ours: str) -> dict[str, float]:
    """Median over rounds of each peer's time over ours; above 1 ours is faster."""
    return {peer: paired_ratio(taken, times[ours]) for peer, taken in times.items() if peer != ours}


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
    }
    records.write(f"speed-{case}", record)
    return record


def main(doc: str, cases: Mapping[str, Callable[[float], None]]) -> None:
    """The command line of a script of cases.

    Args:
        doc: its text. cases: what may be named; each is given the seconds to spend on a step.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", choices=[[], *cases], help="all when none is named")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each step of a case")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    for name in given.cases or cases:
        cases[name](given.seconds)
