"""The table on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attnframe.bench.cases import Case
from attnframe.bench.cases.base import Measure
from attnframe.bench.chosen import label
from attnframe.bench.record import Row, growth, ours

Table = tuple[list[str], list[list[str]]]
"""A header and its rows; the last column may be long."""


def comparison(rows: Sequence[Row], case: Case) -> Table:
    """One row for each variant and size, with its fastest peer and the other ones; one for each that was refused."""
    cost = f"{case.per_second}/s" if case.per_second else "ms"
    header = ["attention", case.unit, cost, _unit(case.room), "x full", "x peer", "fastest peer; others"]
    if all(row["reference"] is None for row in rows):
        header.remove("x full")
    found: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        one = ours(row)
        cells = [label(row["attention"]), row["size"], _cost(one, case), _room(one, case)]
        if "x full" in header:
            cells.append(_ratio(row["reference_ratio"]))
        cells += [_ratio(row["ratio"]), _peers(row, case) if one else f"{row['status']}: {row['reason']}"]
        if one:
            found[row["attention"], row["size"]] = cells
        else:
            key = (row["attention"], row["status"], row["reason"])
            found[key] = [cells[0], f"{found[key][1]}, {row['size']}", *cells[2:]] if key in found else cells
    return header, [*found.values()]


def notes(rows: Sequence[Row]) -> list[str]:
    """What differs in peers that were compared, and why others were not, each once."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for one in row["contenders"]:
            if one["peer"] and one["differs"]:
                found.setdefault(f"{one['name']}: {one['differs']}", [])
        for name, reason in row["left_out"].items():
            found.setdefault(f"{name} is not compared: {reason}", []).append(f"{label(row['attention'])} {row['size']}")
    return [f"{note} ({', '.join(places)})" if places else note for note, places in found.items()]


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
    if not peers:
        return "none compared" if row["left_out"] else "no peer has it"
    fastest, *others = peers
    unit = f"{case.per_second}/s" if case.per_second else "ms"
    room = _room(fastest, case)
    costs = f"{_cost(fastest, case)} {unit}" + ("" if room == "-" else f", {room} {_unit(case.room)}")
    return "; ".join([f"{fastest['name']} ({costs})", *(f"{one['name']} x {one['ratio']:.2f}" for one in others)])


def _unit(measure: Measure) -> str:
    """The unit, which stands in brackets at the end of the words."""
    return measure.words.rpartition("(")[2].rstrip(")")


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
