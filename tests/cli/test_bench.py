"""`attnframe bench` from the command line: one screen for what is wrong, a record for what is right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from attnframe.cli.completion import candidates
from attnframe.cli.main import main

TINY = ["lengths=16", "model.dim=16", "attention.num_heads=2", "seconds=0.0001", "memory=false", "peers=pytorch"]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["lenghts=5"], "lenghts is not a known key of bench. Did you mean lengths?"),
        (["heads=4"], "Did you mean attention.num_heads?"),
        (["dim=4"], "Did you mean model.dim?"),
        (["attention=mah"], "attention=mah is not a known variant. Did you mean"),
        (["attention=nowhere.py"], "must be a readable file"),
        (["attention=mha", "attention.window=4"], "attention.window is not a field of any of the variants"),
        (["attention=gqa", "attention.num_kv_heads=3"], "must divide num_heads=8. Got 3. Possible: 1, 2, 4, 8."),
        (["attention=linformer"], "attention=linformer has no causal form. Use mode=noncausal."),
        (["case=layers"], "case must be one of layer, decoding, edges. Got 'layers'."),
        (["case=edges", "graphs=5"], "graphs must each be NODESxEDGES. Got '5'."),
        (["model.dim=0"], "model.dim must be an integer at least 1. Got 0."),
        (["model.dim=20"], "must divide model.dim=20"),
        (["lengths=0"], "lengths must be a list of an integer at least 1."),
        (["peers=foo"], "peers must name families of peers, or be true or false. Got foo."),
        (["device=cuda:99"], "device must be a device of this machine"),
        (["output=taken.txt"], "output must be a folder, or a file that ends in .json."),
        (["-m"], "takes no options. Lists are compared"),
        (["word"], "must have the form KEY=VALUE"),
    ],
)
def test_what_is_wrong_fills_one_screen_and_nothing_is_written(
    words: list[str], shown: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "taken.txt").write_text("taken")
    before = sorted(tmp_path.rglob("*"))
    assert main(["bench", *words]) == 2
    captured = capsys.readouterr()
    lines = captured.err.splitlines()
    assert shown in " ".join(" ".join(line.split()) for line in lines)
    assert len(lines) <= 40
    assert all(len(line) <= 120 for line in lines)
    assert captured.out == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_all_faults_are_shown_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "attention=mah", "seconds=no", "wrong=1"]) == 2
    shown = capsys.readouterr().err
    assert "3 things to mend" in shown


def test_it_prints_a_table_and_writes_a_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["bench", "attention=mha,window,linformer", "attention.window=4", *TINY]) == 0
    captured = capsys.readouterr()
    assert "attention.window is ignored by mha, linformer" in captured.err
    assert "refused: attention=linformer has no causal form" in " ".join(captured.out.split())
    assert "torch SDPA under the mask" in captured.out
    assert max(map(len, captured.out.splitlines())) <= 120
    (folder,) = (tmp_path / "runs" / "bench").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == ["record.json", "scaling.html", "table.csv"]
    assert str(folder.relative_to(tmp_path)) in captured.out
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    assert record["command"].startswith("attnframe bench attention=mha,window,linformer attention.window=4 lengths=16")
    assert record["settings"]["fields"] == {"window": 4, "num_heads": 2}


def test_lists_are_written_with_or_without_brackets(tmp_path: Path) -> None:
    words = ["bench", "attention=[mha]", *TINY, "output=one.json"]
    assert main([word.replace("lengths=16", "lengths=[16,8]") for word in words]) == 0
    assert main([word.replace("lengths=16", "lengths=16,8") for word in words[:-1]] + ["output=two.json"]) == 0
    one, two = (json.loads((tmp_path / name).read_text()) for name in ("one.json", "two.json"))
    assert [row["size"] for row in one["rows"]] == [row["size"] for row in two["rows"]] == ["8", "16"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("attnframe bench ca", ["case="]),
        ("attnframe bench case=", ["case=layer", "case=decoding", "case=edges"]),
        ("attnframe bench attention=mha,windo", ["attention=mha,window"]),
        ("attnframe bench attention.num_kv", ["attention.num_kv_heads="]),
        ("attnframe bench memory=", ["memory=true", "memory=false"]),
    ],
)
def test_words_are_completed(line: str, expected: list[str]) -> None:
    assert candidates(line) == expected
