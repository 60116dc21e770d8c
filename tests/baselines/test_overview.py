"""One row a cell says who wins."""

from typing import Any

import pytest

from attnframe.baselines.overview import OVERVIEW, overview_rows, tally


def row(attention: str, mean: float | None, verdict: str = "") -> dict[str, Any]:
    return {"attention": attention, "mean": mean, "deviation": 0.01, "verdict": verdict}


def cell(*rows: dict[str, Any], better: str = "max", floor: float | None = 0.5) -> dict[str, Any]:
    named = None if floor is None else {"name": "a guess", "value": floor}
    return {"name": "waves", "better": better, "floor": named, "rows": list(rows)}


def told(one: dict[str, Any]) -> dict[str, str]:
    (found,) = overview_rows({"cells": [one]})
    return dict(zip(OVERVIEW, found, strict=True))


@pytest.mark.parametrize(
    ("one", "best"),
    [
        (cell(row("none", 0.7), row("mha", 0.8, "better"), row("gqa", 0.75, "within noise")), "attention"),
        (cell(row("none", 0.7), row("mha", 0.71, "within noise")), "neither: within noise"),
        (cell(row("none", 0.7), row("mha", 0.71, "one seed")), "not known: one seed"),
        (cell(row("none", 0.9), row("mha", 0.7, "worse")), "the control"),
        (cell(row("none", 0.4), row("mha", 0.45, "better")), "the floor"),
        (cell(row("none", 0.45), row("mha", 0.4, "better"), better="min"), "attention"),
        (cell(row("none", 0.7), row("mha", 0.6, "better"), better="min"), "the floor"),
        (cell(row("none", 0.7), row("mha", 0.8, "better"), floor=None), "attention"),
        (cell(row("mha", 0.8)), "no control"),
    ],
)
def test_who_is_best(one: dict[str, Any], best: str) -> None:
    assert told(one)["best is"] == best


def test_the_best_variant_and_what_it_stands_beside() -> None:
    found = told(cell(row("none", 0.7), row("gqa", 0.8, "better"), row("mha", 0.9, "better"), row("window", None)))
    assert [*found.values()][:4] == ["waves", "mha", "0.9000 ± 0.0100", "0.7000 ± 0.0100"]
    assert (found["floor"], found["which is"]) == ("0.5000", "a guess")


def test_a_cell_without_a_result_is_left_out() -> None:
    assert overview_rows({"cells": [cell(row("none", 0.7)), cell(row("mha", None))]}) == []


def test_the_tally_names_the_cells_of_each_winner() -> None:
    won, lost = cell(row("none", 0.7), row("mha", 0.8, "better")), cell(row("none", 0.4), row("mha", 0.45, "better"))
    summary = {"cells": [won, {**lost, "name": "tides"}, {**won, "name": "winds"}, cell(row("none", 0.7))]}
    assert tally(summary) == "Who is best in 3 cells: attention, 2 (waves, winds); the floor, 1 (tides)."
