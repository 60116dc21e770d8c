"""The page: time and memory against size, one line a variant."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from attnframe.bench.cases import Case
from attnframe.bench.cases.base import Measure
from attnframe.bench.chosen import label
from attnframe.bench.record import Row
from attnframe.pictures import Line, Section, gallery, lines, page
from attnframe.runs.atomic import write_text

FEW = 4
"""Variants up to which the fastest peer of each is drawn too."""


def draw(rows: Sequence[Row], case: Case, path: Path) -> None:
    """Write a page with two drawings, both logarithmic.

    Args:
        rows: of the record; those that were not measured are left out.
        case: what was measured.
        path: where to write.
    """
    found = _lines(rows)
    sizes = sorted({row["amount"] for row in rows})
    drawings = [_drawing(found, measure, sizes, case) for measure in (case.cost, case.room)]
    write_text(path, page("Growth with size", [Section(case.what(), [gallery(drawings)])]))


def _drawing(found: dict[str, list[tuple[int, Row]]], measure: Measure, sizes: Sequence[int], case: Case) -> str:
    series = []
    for name, points in found.items():
        known = [(size, one[measure.key] / measure.scale) for size, one in points if _drawable(one, measure)]
        if known:
            series.append(Line(name, *zip(*known, strict=True)))
    return lines(series, measure.words, case.unit, measure.words, log=True, sizes=sizes)


def _measured(row: Row) -> bool:
    return bool(row["status"] == "ok")


def _drawable(one: Row, measure: Measure) -> bool:
    return (one.get(measure.key) or 0) > 0


def _lines(rows: Sequence[Row]) -> dict[str, list[tuple[int, Row]]]:
    """Points of each line by name, the slowest at its largest size first and the reference last."""
    last = {
        row["attention"]: (row["amount"], _named(row, "attnframe")["milliseconds"]) for row in rows if _measured(row)
    }
    names = sorted(last, key=lambda name: last[name], reverse=True)
    found: dict[str, list[tuple[int, Row]]] = {}
    references: dict[int, list[Row]] = {}
    shown = ""
    for name in names:
        own = [row for row in rows if row["attention"] == name and _measured(row)]
        found[label(name)] = [(row["amount"], _named(row, "attnframe")) for row in own]
        if len(names) <= FEW:
            beside: dict[str, list[tuple[int, Row]]] = {}
            for row in own:
                if row["fastest_peer"] is not None:
                    beside.setdefault(row["fastest_peer"], []).append((row["amount"], _named(row, row["fastest_peer"])))
            found |= {f"{label(name)}: {peer}": points for peer, points in beside.items()}
        for row in own:
            if row["reference"] not in (None, "attnframe"):
                references.setdefault(row["amount"], []).append(_named(row, row["reference"]))
                shown = row["reference"]
    if references:
        found[shown] = [(amount, _median(measured)) for amount, measured in sorted(references.items())]
    return found


def _named(row: Row, name: str) -> Row:
    return next((one for one in row["contenders"] if one["name"] == name), {})


def _median(found: Sequence[Row]) -> Row:
    """One layer that was measured beside several variants: the medians of its numbers."""
    keys = [key for key in ("milliseconds", "per_second", "peak_memory_bytes", "cache_bytes") if _all_have(found, key)]
    return {key: statistics.median(one[key] for one in found) for key in keys}


def _all_have(found: Sequence[Row], key: str) -> bool:
    return all(one.get(key) is not None for one in found)
