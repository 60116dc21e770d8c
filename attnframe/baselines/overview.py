"""What a suite says in one row a cell: who wins, attention, its control or the simple floor. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attnframe.baselines.tables import number, with_deviation

OVERVIEW = ("cell", "best variant", "result", "control", "best is", "floor", "which is")
"""Columns of the overview."""
MEANING = (
    "The best variant is named because its mean is best, which flatters it a little. Attention is best where it is "
    "above the floor and its difference to the control is more than noise; where that is within noise, neither is."
)
"""How the overview is to be read."""
WINNERS = {
    "better": "attention",
    "worse": "the control",
    "within noise": "neither: within noise",
    "one seed": "not known: one seed",
    "": "not known: no seed in common",
}
"""What the difference of the best variant to the control comes to, by its verdict."""


def overview_rows(summary: Mapping[str, Any]) -> list[list[str]]:
    """The rows of the overview, as `OVERVIEW` names them; cells without a result are left out."""
    return [row for cell in summary["cells"] if (row := _row(cell))]


def tally(summary: Mapping[str, Any]) -> str:
    """Who is best in which cells, in one sentence."""
    rows = overview_rows(summary)
    cells: dict[str, list[str]] = {}
    for row in rows:
        cells.setdefault(row[OVERVIEW.index("best is")], []).append(row[0])
    parts = [f"{winner}, {len(names)} ({', '.join(names)})" for winner, names in cells.items()]
    return f"Who is best in {len(rows)} cells: {'; '.join(parts)}."


def _row(cell: Mapping[str, Any]) -> list[str]:
    sign = 1 if cell["better"] == "max" else -1
    measured = [row for row in cell["rows"] if row["mean"] is not None]
    control = next((row for row in measured if row["attention"] == "none"), None)
    variants = [row for row in measured if row is not control]
    if not variants:
        return []
    best = max(variants, key=lambda row: sign * row["mean"])
    floor = cell["floor"]["value"] if cell["floor"] else None
    if floor is not None and sign * floor > sign * max(measured, key=lambda row: sign * row["mean"])["mean"]:
        winner = "the floor"
    elif control is None:
        winner = "no control"
    else:
        winner = WINNERS[best["verdict"]]
    return [
        cell["name"],
        best["attention"],
        with_deviation(best["mean"], best["deviation"]),
        "" if control is None else with_deviation(control["mean"], control["deviation"]),
        winner,
        "" if floor is None else number(floor),
        cell["floor"]["name"] if cell["floor"] else "",
    ]
