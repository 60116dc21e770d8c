"""A user's own table: what is read, and everything that can be wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attnframe_timeseries.data.series_csv import read_series_csv

from attnframe.errors import DataError

GOOD = ["time,sales,visits", "2024-01-01,1,10", "2024-01-02,2,20", "2024-01-03,3,30", "2024-01-04,4,40"]


def told(path: Path) -> list[str]:
    """What is wrong with a file, without its name."""
    with pytest.raises(DataError) as caught:
        read_series_csv(path)
    return [str(fault).replace(f"{path} ", "") for fault in caught.value.faults]


def test_times_and_channels_are_read(table_file: Callable[..., Path]) -> None:
    table = read_series_csv(table_file(GOOD))
    assert table.channels == ("sales", "visits")
    assert table.values.tolist() == [[1, 10], [2, 20], [3, 30], [4, 40]]
    assert str(table.times[-1]) == "2024-01-04 00:00:00"


def test_chosen_channels_are_read_and_others_passed_over(table_file: Callable[..., Path]) -> None:
    lines = ["time,note,visits", "1,ill,10", "2,,20"]
    assert read_series_csv(table_file(lines), ["visits"]).values.tolist() == [[10], [20]]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["time", "1"], "must have channels after its first column, which is time. Got one column."),
        (["time,sales"], "must have rows. Got none."),
        (["time,sales", "1,2", "2,"], "must have a value of channel sales in every row. Got row 3. Fill the gaps"),
        (["time,sales", "1,2", "2,NaN"], "must have a finite number of channel sales in every row. Got row 3 (NaN)."),
        (["time,sales", "1,2", "2,many"], "must have a finite number of channel sales in every row. Got row 3 (many)."),
        (["time,sales", "1,2", "2,inf"], "must have a finite number of channel sales in every row. Got row 3 (inf)."),
        (["time,sales", "1,2", "3,2", "2,2"], "must be sorted by time. Got row 4 (2). Sort the rows"),
        (["time,sales", "1,2", "2,2", "2,3"], "must have each time once. Got row 4 (2)."),
        (
            ["time,sales", "2024-01-01,1", "2024-01-02,1", "2024-01-03,2", "2024-01-05,3", "2024-01-06,3"],
            "must have steps of one length, as most are 1 days 00:00:00. Got row 5 (2024-01-05). Fill the gaps",
        ),
        (["time,sales", "1,1", "2,1", "3,2", "7,3"], "must have steps of one length, as most are 1. Got row 5 (7)."),
        (
            ["time,sales", "2024-01-01,1", "soon,1"],
            "must have a time (a date or a number) in column time in every row. Got row 3 (soon).",
        ),
    ],
)  # fmt: skip
def test_each_fault_is_told(lines: list[str], expected: str, table_file: Callable[..., Path]) -> None:
    (found,) = told(table_file(lines))
    assert found.startswith(expected)


def test_all_faults_are_told_at_once(table_file: Callable[..., Path]) -> None:
    path = table_file(["time,sales,visits", "1,x,1", "3,2,", "2,3,3", "2,4,nan"])
    assert [fault.split(" in every row")[0].split(". Got")[0] for fault in told(path)] == [
        "must have each time once",
        "must be sorted by time",
        "must have a finite number of channel sales",
        "must have a value of channel visits",
        "must have a finite number of channel visits",
    ]


def test_a_missing_channel_is_told(table_file: Callable[..., Path]) -> None:
    path = table_file(GOOD)
    with pytest.raises(DataError, match=r"must have the column heat\. Got time, sales, visits\."):
        read_series_csv(path, ["heat", "visits"])


def test_what_is_no_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"data\.path must be a CSV file that exists: time, then channels\. Got .*none"):
        read_series_csv(tmp_path / "none.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(DataError, match="must be a table in UTF-8, its columns named in the first row"):
        read_series_csv(tmp_path / "empty.csv")
    (tmp_path / "latin.csv").write_bytes("time,größe\n1,2\n".encode("latin1"))
    with pytest.raises(DataError, match="must be a table in UTF-8"):
        read_series_csv(tmp_path / "latin.csv")


def test_many_bad_rows_are_counted(table_file: Callable[..., Path]) -> None:
    (found,) = told(table_file(["time,sales", *(f"{row},x" for row in range(8))]))
    assert "row 2 (x), row 3 (x), row 4 (x), row 5 (x), row 6 (x) and 3 more" in found
