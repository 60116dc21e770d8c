"""The table on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attnframe.bench.cases import Case
from attnframe.bench.chosen import label
from attnframe.bench.record import Row, growth, ours

Table = tuple[list[str], list[list[str]]]
"""A header and its rows; the last column may be long."""


def comparison(rows: Sequence[Row], case: Case) -> Table:
    """One row for each variant and size, with its fastest peer and the other ones."""
    cost = f"{case.per_second}/s" if case.per_second else "ms"
    room = case.room.words.rpartition("(")[2].rstrip(")")
    header = ["attention", case.unit, cost, room, "x full", "x peer", "fastest peer; others"]
    if all(row["reference"] is None for row in rows):
        header.remove("x full")
    found = []
    for row in rows:
        one = ours(row)
        cells = [label(row["attention"]), row["size"], _cost(one, case), _room(one, case)]
        if "x full" in header:
            cells.append(_ratio(row["reference_ratio"]))
        cells += [_ratio(row["ratio"]), _peers(row, case) if one else f"{row['status']}: {row['reason']}"]
        found.append(cells)
    return header, found


def scaling(rows: Sequence[Row], case: Case) -> Table:
    """How time and memory of each variant grow; no rows where there is one size only."""
    header = ["attention", "time grows with", "memory with", f"faster than full attention from ({case.unit})"]
    found = []
    for name, numbers in growth(rows, case).items():
        powers = ["-" if numbers[key] is None else f"n^{numbers[key]:.2f}" for key in ("time", "memory")]
        least = numbers["faster_than_reference_from"]
        found.append([label(name), *powers, "-" if least is None else str(least)])
    return header, found


def line(row: Row, case: Case) -> str:
    """A row in one line, for the progress."""
    one = ours(row)
    if not one:
        return f"{row['status']}: {row['reason']}"
    unit = f"{case.per_second}/s" if case.per_second else "ms"
    peer = f", {row['ratio']:.2f} x {row['fastest_peer']}" if row["fastest_peer"] else ", no peer to compare with"
    return f"{_cost(one, case)} {unit}{peer}"


def _peers(row: Row, case: Case) -> str:
    peers = sorted((one for one in row["contenders"] if one["peer"]), key=lambda one: float(one["milliseconds"]))
    words = [_peer(one, case, number) for number, one in enumerate(peers)]
    if not words:
        words = ["no peer has it" if not row["left_out"] else "none"]
    return "; ".join([*words, *(f"{name}: {reason}" for name, reason in row["left_out"].items())])


def _peer(one: Row, case: Case, number: int) -> str:
    room = _room(one, case)
    unit = case.room.words.rpartition("(")[2].rstrip(")")
    costs = f"{_cost(one, case)} {case.per_second + '/s' if case.per_second else 'ms'}"
    costs += "" if room == "-" else f", {room} {unit}"
    ratio = "" if number == 0 else f", x {one['ratio']:.2f}"
    differs = f"; {one['differs']}" if one["differs"] else ""
    return f"{one['name']} ({costs}{ratio}{differs})"


def _cost(one: Row, case: Case) -> str:
    value: Any = one.get(case.cost.key)
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _room(one: Row, case: Case) -> str:
    value: Any = one.get(case.room.key)
    if value is None:
        return "-"
    scaled = value / case.room.scale
    return f"{scaled:,.0f}" if scaled >= 100 else f"{scaled:.1f}"


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
