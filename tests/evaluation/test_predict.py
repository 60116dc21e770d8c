from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from attnframe.errors import ConfigurationError, DataError
from attnframe.evaluation.predict import predict
from attnframe.training.run import train


@pytest.fixture
def checkpoint(toy_plan: Callable[..., Any], tmp_path: Path) -> str:
    path: str = train(toy_plan(trainer__max_epochs=12), tmp_path / "run")["checkpoint"]
    return path


def test_a_text_gives_a_record_with_probabilities(checkpoint: str) -> None:
    (record,) = predict(checkpoint, "aaaabaaaacaa")
    assert list(record) == ["input", "label", "probabilities"]
    assert record["input"] == "aaaabaaaacaa"
    assert record["label"] == "a"
    assert sum(record["probabilities"].values()) == pytest.approx(1)


def test_a_file_gives_a_record_a_line_in_json_lines_and_csv(checkpoint: str, tmp_path: Path) -> None:
    source = tmp_path / "input.txt"
    source.write_text("aaaabaaaacaa\nbbbbbbbbbbbd\n")
    records = predict(checkpoint, str(source), tmp_path / "out.jsonl")
    assert [record["label"] for record in records] == ["a", "b"]
    assert [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()] == records
    predict(checkpoint, str(source), tmp_path / "out.csv")
    with open(tmp_path / "out.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["label"] for row in rows] == ["a", "b"]
    assert float(rows[0]["probabilities.a"]) == records[0]["probabilities"]["a"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("out.txt", r"output \(.*out\.txt\) must end in \.jsonl or \.csv\. Got '\.txt'"),
        ("missing/out.csv", r"must lie in a folder that exists"),
    ],
)
def test_a_wrong_output_is_refused_before_anything_is_computed(tmp_path: Path, name: str, expected: str) -> None:
    with pytest.raises(ConfigurationError, match=expected):
        predict(tmp_path / "no.ckpt", "aaaa", tmp_path / name)


def test_wrong_input_and_options_are_refused(checkpoint: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"input must be made of abcd\. Got x"):
        predict(checkpoint, "aaaax", tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()
    with pytest.raises(ConfigurationError, match=r"predict\.batchsize .* is not a known key\. Did you mean batch_size"):
        predict(checkpoint, "aaaa", options={"batchsize": 3})
