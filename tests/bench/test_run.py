"""A benchmark from what is asked to what is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from attnframe.bench.chosen import Chosen
from attnframe.bench.record import Record
from attnframe.bench.report import comparison, notes, scaling
from attnframe.bench.run import bench
from attnframe.bench.settings import BenchSettings
from attnframe.errors import ConfigurationError


def measure(names: Sequence[str], output: Path, **settings: Any) -> Record:
    given: dict[str, Any] = {"seconds": 1e-4, "memory": False, "peers": ("pytorch",), "threads": 1} | settings
    if given.get("case") != "edges":
        given.setdefault("lengths", (16, 32))
    chosen = Chosen(BenchSettings(**given), tuple(names), (("num_heads", 4),), 32)
    return bench(chosen, chosen.refusals(), output, ["attnframe", "bench"])


def read(output: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((output / "record.json").read_text(encoding="utf-8"))
    return values


def test_ratios_are_those_of_the_times_and_files_are_there(tmp_path: Path) -> None:
    record = measure(["mha", "window", "linformer"], tmp_path / "out")
    assert record.status == "ok"
    values = read(tmp_path / "out")
    assert values["rows"] == record.rows
    measured = [row for row in values["rows"] if row["status"] == "ok"]
    assert [(row["attention"], row["size"]) for row in measured] == [
        ("mha", "16"),
        ("mha", "32"),
        ("window", "16"),
        ("window", "32"),
    ]
    for row in measured:
        ours, *others = row["contenders"]
        assert ours["name"] == "attnframe"
        assert ours["parameters"] == 4 * 32 * 32
        assert others
        for other in others:
            low = other["fastest_milliseconds"] / ours["slowest_milliseconds"]
            high = other["slowest_milliseconds"] / ours["fastest_milliseconds"]
            assert low <= other["ratio"] <= high
            assert other["rounds"] == ours["rounds"] >= 3
        fastest = min((other for other in others if other["peer"]), key=lambda other: other["milliseconds"])
        assert (row["fastest_peer"], row["ratio"]) == (fastest["name"], fastest["ratio"])
    refused = [row for row in values["rows"] if row["status"] == "refused"]
    assert {row["attention"] for row in refused} == {"linformer"}
    assert all("has no causal form" in row["reason"] for row in refused)
    assert (tmp_path / "out" / "scaling.html").stat().st_size > 1000
    assert (tmp_path / "out" / "table.csv").read_text().count("\n") > len(measured)


def test_the_table_names_peers_and_reasons(tmp_path: Path) -> None:
    record = measure(["mha", "linformer"], tmp_path / "out", peers=("pytorch", "timm"))
    header, rows = comparison(record.rows, record.case)
    assert header[:3] == ["attention", "tokens", "ms"]
    assert "torch SDPA" in rows[0][-1]
    assert rows[-1] == [
        "linformer",
        "16, 32",
        *"----",
        "refused: attention=linformer has no causal form. Use mode=noncausal.",
    ]
    assert [row[0] for row in scaling(record.rows, record.case)[1]] == ["mha"]


def test_notes_say_once_what_differs_and_who_was_not_compared(tmp_path: Path) -> None:
    record = measure(["talking_heads"], tmp_path / "out", peers=("timm",))
    assert notes(record.rows) == [
        "timm TalkingHeadAttn is not compared: cannot be causal (talking_heads 16, talking_heads 32)"
    ]


def test_a_layer_that_took_long_is_left_out_of_larger_sizes(tmp_path: Path) -> None:
    record = measure(["mha"], tmp_path / "out", patience=1e-9)
    assert [row["status"] for row in record.rows] == ["ok", "refused"]
    assert "s at 16 tokens. Raise patience." in record.rows[1]["reason"]
    assert record.status == "ok"


def test_a_variant_without_a_peer_says_so(tmp_path: Path, variant_file: Callable[..., Path]) -> None:
    record = measure([str(variant_file())], tmp_path / "out")
    row = record.rows[0]
    assert row["status"] == "ok"
    assert row["fastest_peer"] is None
    assert row["reference_ratio"] > 0
    assert comparison(record.rows, record.case)[1][0][-1] == "no peer has it"


def test_a_variant_that_fails_is_a_row_and_the_others_are_measured(
    tmp_path: Path, variant_file: Callable[..., Path]
) -> None:
    path = variant_file("raise ValueError('out of luck')")
    record = measure([str(path), "mha"], tmp_path / "out", lengths=(16,))
    assert record.status == "failed"
    assert [(row["status"], row["reason"]) for row in record.rows] == [
        ("failed", "ValueError: out of luck"),
        ("ok", ""),
    ]


def test_an_interrupt_leaves_what_was_measured(tmp_path: Path, variant_file: Callable[..., Path]) -> None:
    path = variant_file("raise KeyboardInterrupt")
    record = measure(["mha", str(path)], tmp_path / "out", lengths=(16,))
    assert record.status == "interrupted"
    values = read(tmp_path / "out")
    assert values["status"] == "interrupted"
    assert [row["attention"] for row in values["rows"]] == ["mha"]
    assert (tmp_path / "out" / "scaling.html").exists()


def test_a_file_takes_the_record_alone(tmp_path: Path) -> None:
    measure(["mha"], tmp_path / "record-of-mha.json", lengths=(16,))
    assert [path.name for path in tmp_path.iterdir()] == ["record-of-mha.json"]


def test_decoding_counts_tokens_and_the_bytes_of_caches(tmp_path: Path) -> None:
    record = measure(["mha", "gqa", "linear"], tmp_path / "out", case="decoding", lengths=(32, 64))
    ours = {(row["attention"], row["size"]): row["contenders"][0] for row in record.rows}
    assert all(one["per_second"] == pytest.approx(16e3 / one["milliseconds"]) for one in ours.values())
    whole = ours["mha", "64"]["cache_bytes"]
    assert whole >= 2 * 64 * 32 * 4
    assert ours["gqa", "64"]["cache_bytes"] == whole / 2
    assert ours["linear", "64"]["cache_bytes"] == ours["linear", "32"]["cache_bytes"] < whole
    by_name = {row["attention"]: row for row in record.rows}
    assert by_name["mha"]["reference_ratio"] == 1.0
    assert by_name["mha"]["fastest_peer"] == "torch SDPA, preallocated cache"
    assert by_name["linear"]["reference"] == "attnframe, full attention"
    assert comparison(record.rows, record.case)[0][2] == "tokens/s"


def test_edges_are_measured_by_their_number(tmp_path: Path) -> None:
    record = measure(["gat", "window", "none"], tmp_path / "out", case="edges", graphs=("20x50",), peers=())
    assert [(row["attention"], row["amount"], row["status"]) for row in record.rows] == [
        ("gat", 50, "ok"),
        ("window", 50, "refused"),
        ("none", 50, "ok"),
    ]
    assert "x full" not in comparison(record.rows, record.case)[0]


def test_threads_are_what_they_were_afterwards(tmp_path: Path) -> None:
    before = torch.get_num_threads()
    record = measure(["mha"], tmp_path / "record.json", lengths=(16,), threads=before + 1)
    assert record.threads == before + 1
    assert torch.get_num_threads() == before


def test_a_device_that_is_not_there_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"device must be a device of this machine\. Got cuda:77"):
        measure(["mha"], tmp_path / "out", device="cuda:77")
    assert not (tmp_path / "out").exists()
