"""Files of a user, by part, and what is wrong with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from attnframe_nlp.data.sequences.lines import line_fault, part_files

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN, VAL


def told(path: Path) -> str:
    with pytest.raises(DataError) as error:
        part_files(path, (".csv",), "DIR/train.csv")
    return str(error.value)


def test_a_file_leaves_its_part_open_and_a_folder_names_them(tmp_path: Path) -> None:
    for name in ("test.csv", "dev.csv", "train.csv", "notes.md"):
        (tmp_path / name).touch()
    assert part_files(tmp_path / "test.csv", (".csv",), "") == [(tmp_path / "test.csv", None)]
    found = part_files(tmp_path, (".csv",), "")
    assert [(path.name, part) for path, part in found] == [("train.csv", TRAIN), ("dev.csv", VAL), ("test.csv", TEST)]


def test_folders_that_are_wrong(tmp_path: Path) -> None:
    assert f"data.path must be a file or folder that exists. Got {tmp_path / 'none'}." in told(tmp_path / "none")
    assert f"data.path must hold .csv files. Got {tmp_path} without any. Expected: DIR/train.csv." in told(tmp_path)
    (tmp_path / "test.csv").touch()
    assert "must hold the training part. Got test.csv." in told(tmp_path)
    for name in ("val.csv", "dev.csv", "more.csv"):
        (tmp_path / name).touch()
    text = told(tmp_path)
    assert "more.csv must be named after a part (train, val, valid, validation, dev, test). Got more." in text
    assert "val.csv must be the only file of its part. Got dev.csv too." in text


def test_lines_are_named_up_to_a_number() -> None:
    (fault,) = line_fault(Path("f"), "must hold", [(number, "x" * 50) for number in range(1, 9)])
    assert str(fault).endswith("line 5 (" + "x" * 40 + ") and 3 more.")
    assert line_fault(Path("f"), "must hold", []) == []
