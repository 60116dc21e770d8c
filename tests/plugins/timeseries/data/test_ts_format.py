"""The archives' text format: what is read, and everything that can be wrong with a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from attnframe_timeseries.data.ts_format import read_ts

from attnframe.errors import Fault

HEAD = ["@timeStamps false", "@classLabel true a b", "@data"]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A file of lines."""

    def make(*lines: str) -> Path:
        path = tmp_path / "made.ts"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return make


def told(path: Path, labelled: bool = True) -> list[str]:
    faults: list[Fault] = []
    read_ts(path, faults, labelled=labelled)
    return [str(fault).replace(f"{path} ", "") for fault in faults]


def test_channels_lengths_and_labels_are_read(write: Callable[..., Path]) -> None:
    faults: list[Fault] = []
    file = read_ts(write("# words", *HEAD, "1,2,3:4,5,6:a", "", "7,8:9,1e1:b"), faults)
    assert faults == []
    assert [one.tolist() for one in file.series] == [[[1, 4], [2, 5], [3, 6]], [[7, 9], [8, 10]]]
    assert file.series[0].dtype == np.float32
    assert (file.labels, file.classes) == (["a", "b"], ("a", "b"))


def test_a_file_without_labels_is_read_for_prediction(write: Callable[..., Path]) -> None:
    path = write("@classLabel false", "@data", "1,2:3,4")
    assert told(path) == [
        "must have labels. Got @classLabel false. "
        "Write @classLabel true NAME NAME … before @data, and a label behind each case."
    ]
    assert told(path, labelled=False) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["1,2:a"], "must have a line @data before its cases. Got none."),
        (["@timeStamps true", "@data", "1:a"], "must hold values in steps of one length. Got @timeStamps true."),
        ([*HEAD], "must have cases after @data. Got none."),
        ([*HEAD, "1,?,3:a"], "must have every value. Got line 4. Fill the gaps, or leave these cases out."),
        ([*HEAD, "1,NaN,3:a"], "must have every value. Got line 4. Fill the gaps, or leave these cases out."),
        ([*HEAD, "1,two:a"], "must have finite numbers only. Got line 4."),
        ([*HEAD, "1,inf:a"], "must have finite numbers only. Got line 4."),
        ([*HEAD, "1,2:1:a"], "must have channels of one length in each case. Got line 4 (2, 1 steps)."),
        ([*HEAD, "1,2:a", "1,2:3,4:b"], "must have 1 channels in every case, as its first has. Got line 5 (2)."),
        ([*HEAD, "1,2:c"], "must have labels that @classLabel declares. Got line 4 (c). Declared: a, b."),
    ],
)  # fmt: skip
def test_each_fault_is_told(lines: list[str], expected: str, write: Callable[..., Path]) -> None:
    (found,) = told(write(*lines))
    assert found.startswith(expected)


def test_all_faults_are_told_at_once(write: Callable[..., Path]) -> None:
    path = write(*HEAD, "1,2:a", "?:a", "x:b", "1:2:a", "1:z")
    assert [fault.split(". Got")[0] for fault in told(path)] == [
        "must have every value",
        "must have finite numbers only",
        "must have 1 channels in every case, as its first has",
        "must have labels that @classLabel declares",
    ]


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "made.ts").write_bytes(b"\xff\xfe\x00")
    assert told(tmp_path / "made.ts")[0].startswith("must be a text file in UTF-8.")
