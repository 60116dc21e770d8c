"""The record of a benchmark: what was measured, with what, and how; written after every comparison."""

from __future__ import annotations

import csv
import datetime
import io
import json
import platform
import shlex
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import attnframe
from attnframe.bench.cases import Case
from attnframe.bench.cases.base import OURS, Contest
from attnframe.bench.peers import peers_of
from attnframe.bench.settings import FAMILIES
from attnframe.bench.timing import exponent, paired_ratio
from attnframe.runs.atomic import write_text
from attnframe.runs.environment import commit, hardware, version_of

Row = dict[str, Any]
"""One variant at one size."""


@dataclass
class Record:
    """What was measured so far.

    Args:
        case: what is measured. command: the words of the command line. device: the device in words.
        threads: of CPU work. rows: one for each variant and size.
        status: running, ok, failed or interrupted.
    """

    case: Case
    command: Sequence[str]
    device: str
    threads: int
    rows: list[Row] = field(default_factory=list)
    status: str = "running"
    started: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.timezone.utc))

    def values(self) -> dict[str, Any]:
        """Everything, as plain values."""
        chosen, settings = self.case.chosen, self.case.settings
        now = datetime.datetime.now(datetime.timezone.utc)
        return {
            "command": shlex.join(self.command),
            "case": self.case.name,
            "what": self.case.what(),
            "status": self.status,
            "ratios": "medians over interleaved rounds of another's time over ours: above 1 ours is faster",
            "memory": "peak of one step in a fresh process, above the idle process",
            "settings": {
                "attention": [*chosen.attention] or "all",
                "fields": dict(chosen.fields),
                "model.dim": chosen.width,
                "sizes": [*settings.sizes],
                **{name: getattr(settings, name) for name in _KEPT},
            },
            "threads": self.threads,
            "device": self.device,
            "hardware": hardware(),
            "platform": platform.platform(),
            "versions": {"attnframe": attnframe.__version__, "python": platform.python_version(), **versions()},
            "commit": commit(),
            "date": self.started.strftime("%Y-%m-%d"),
            "seconds": (now - self.started).total_seconds(),
            "growth": growth(self.rows, self.case),
            "rows": self.rows,
        }

    def write(self, path: Path) -> None:
        """Write the record as JSON."""
        write_text(path, json.dumps(self.values(), indent=1, ensure_ascii=False) + "\n")

    def write_table(self, path: Path) -> None:
        """Write one line for each contender as CSV."""
        columns = ("attention", "size", "contender", "package", "differs", *_NUMBERS, "status", "reason")
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for row in self.rows:
            for one in row.get("contenders") or [{}]:
                writer.writerow({**row, "contender": one.get("name", ""), **one, "attention": row["attention"]})
        write_text(path, text.getvalue())


_KEPT = ("batch", "mode", "seconds", "patience", "dtype", "peers", "seed")
_NUMBERS = ("milliseconds", "per_second", "ratio", "peak_memory_bytes", "cache_bytes", "parameters", "rounds")


def measured_row(
    name: str,
    size: str,
    case: Case,
    contest: Contest,
    times: Mapping[str, list[float]],
    more: Mapping[str, Mapping[str, Any]],
    left_out: Mapping[str, str],
) -> Row:
    """The row of a variant that was measured.

    Args:
        name: of the variant. size: at which size. case: what was measured. contest: who competed.
        times: seconds of each round by contender, ours among them.
        more: further numbers by contender.
        left_out: why each other peer was not compared.
    """
    found = []
    for one in contest.contenders:
        if one.name not in times:
            continue
        taken = times[one.name]
        numbers: Row = {"name": one.name, "package": one.package, "peer": one.peer, "differs": one.differs}
        numbers["milliseconds"] = statistics.median(taken) * 1e3
        numbers["fastest_milliseconds"] = min(taken) * 1e3
        numbers["slowest_milliseconds"] = max(taken) * 1e3
        numbers["rounds"] = len(taken)
        if case.per_second:
            numbers["per_second"] = case.units() / statistics.median(taken)
        if one.name != OURS:
            numbers["ratio"] = paired_ratio(taken, times[OURS])
        found.append({**numbers, **more.get(one.name, {})})
    own_reference = contest.reference == OURS
    fastest = min((one for one in found if one["peer"]), key=lambda one: one["milliseconds"], default=None)
    reference = next((one for one in found if one["name"] == contest.reference), None)
    return {
        "attention": name,
        "size": size,
        "amount": case.amount(size),
        "status": "ok",
        "reason": "",
        "fastest_peer": fastest["name"] if fastest else None,
        "ratio": fastest["ratio"] if fastest else None,
        "reference": contest.reference,
        "reference_ratio": 1.0 if own_reference else reference["ratio"] if reference else None,
        "contenders": found,
        "left_out": dict(left_out),
    }


def unmeasured_row(name: str, size: str, case: Case, status: str, reason: str) -> Row:
    """The row of a variant that was refused or failed."""
    return {
        "attention": name,
        "size": size,
        "amount": case.amount(size),
        "status": status,
        "reason": reason,
        "fastest_peer": None,
        "ratio": None,
        "reference": None,
        "reference_ratio": None,
        "contenders": [],
        "left_out": {},
    }


def ours(row: Row) -> Row:
    """Our contender of a row; empty when nothing was measured."""
    return next((one for one in row["contenders"] if one["name"] == OURS), {})


def growth(rows: Iterable[Row], case: Case) -> dict[str, dict[str, float | int | None]]:
    """How each variant grows: exponents of time and of memory, and the least size at which it beats the reference.

    Only variants that were measured at two sizes or more are in it; the exponent of memory needs memory that was
    measured and is above 0.
    """
    found: dict[str, dict[str, float | int | None]] = {}
    measured = [row for row in rows if row["status"] == "ok"]
    for name in dict.fromkeys(row["attention"] for row in measured):
        own = [row for row in measured if row["attention"] == name]
        if len(own) < 2:
            continue
        sizes = [row["amount"] for row in own]
        room = [ours(row).get(case.room.key) or 0 for row in own]
        faster = [row["amount"] for row in own if (row["reference_ratio"] or 0) > 1]
        found[name] = {
            "time": exponent(sizes, [ours(row)["milliseconds"] for row in own]),
            "memory": exponent(sizes, room) if min(room) > 0 else None,
            "faster_than_reference_from": min(faster, default=None),
        }
    return found


def versions() -> dict[str, str]:
    """The version of every package that peers come from; "not installed" where it is not."""
    packages = {peer.package for peers in peers_of(FAMILIES).values() for peer in peers}
    return {name: version_of(name) or "not installed" for name in sorted(packages)}
