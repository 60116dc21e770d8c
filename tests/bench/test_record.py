"""The record holds what was measured and all that is needed to measure it again."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from attnframe.bench.cases import case_of
from attnframe.bench.cases.base import Built, Contender, Contest
from attnframe.bench.chosen import Chosen
from attnframe.bench.record import Record, growth, measured_row, unmeasured_row
from attnframe.bench.settings import BenchSettings

CASE = case_of(Chosen(BenchSettings(lengths=(16, 32)), ("mha",), (), 32))
TIMES = {"attnframe": [1.0, 2.0, 1.0], "fast": [0.5, 1.0, 0.5], "slow": [3.0, 6.0, 3.0], "full": [2.0, 4.0, 2.0]}


def nothing() -> Built:
    return Built(lambda: None, 0)


CONTEST = Contest(
    (
        Contender("attnframe", "attnframe", nothing),
        Contender("fast", "p", nothing, True, "a detail"),
        Contender("slow", "p", nothing, True),
        Contender("absent", "p", nothing, True),
        Contender("full", "torch", nothing),
    ),
    {},
    "full",
)


def row(size: str = "16", scale: float = 1.0) -> dict[str, Any]:
    times = {name: [scale * one for one in taken] for name, taken in TIMES.items()}
    more = {"attnframe": {"peak_memory_bytes": 100 * int(size)}}
    return measured_row("mha", size, CASE, CONTEST, times, more, {"absent": "not installed"})


def test_a_row_names_the_fastest_peer_and_never_the_reference() -> None:
    found = row()
    assert (found["fastest_peer"], found["ratio"]) == ("fast", 0.5)
    assert (found["reference"], found["reference_ratio"]) == ("full", 2.0)
    assert [one["name"] for one in found["contenders"]] == ["attnframe", "fast", "slow", "full"]
    assert found["contenders"][1]["differs"] == "a detail"
    assert found["contenders"][2]["ratio"] == 3.0
    assert found["contenders"][0]["milliseconds"] == 1000.0
    assert found["left_out"] == {"absent": "not installed"}


def test_growth_is_fitted_and_the_crossing_found() -> None:
    rows = [row("16"), row("32", 4.0), unmeasured_row("none", "16", CASE, "failed", "reason")]
    assert growth(rows, CASE) == {
        "mha": {"time": pytest.approx(2.0), "memory": pytest.approx(1.0), "faster_than_reference_from": 16}
    }
    assert growth(rows[:1], CASE) == {}


def test_the_record_is_complete(tmp_path: Path) -> None:
    record = Record(CASE, ["attnframe", "bench", "attention=mha"], "a processor", 1, [row()])
    record.write(tmp_path / "record.json")
    values = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    for key in ("command", "what", "settings", "threads", "device", "hardware", "versions", "commit", "date", "rows"):
        assert values[key], key
    assert values["command"] == "attnframe bench attention=mha"
    assert values["settings"]["seed"] == 0
    assert values["settings"]["sizes"] == ["16", "32"]
    assert values["versions"].keys() >= {"attnframe", "python", "torch", "x-transformers", "torch-geometric"}


def test_the_table_has_a_line_for_each_contender_and_for_who_was_not_measured(tmp_path: Path) -> None:
    refused = unmeasured_row("linformer", "16", CASE, "refused", "has no causal form")
    Record(CASE, [], "", 1, [row(), refused]).write_table(tmp_path / "table.csv")
    with open(tmp_path / "table.csv", encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["contender"] for line in lines] == ["attnframe", "fast", "slow", "full", ""]
    assert (lines[-1]["attention"], lines[-1]["status"], lines[-1]["reason"]) == (
        "linformer",
        "refused",
        "has no causal form",
    )
    assert float(lines[1]["ratio"]) == 0.5
