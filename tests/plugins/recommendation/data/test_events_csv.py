"""A user's own events, good and bad."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attnframe_recommendation.data.events import Events
from attnframe_recommendation.data.events_csv import BINS, read_events_csv, read_unlabelled, write_example

from attnframe.errors import DataError

Written = Callable[..., Path]
LINES = ["label,item,tags,history", "1,x,p|q,", "0,y,,x|y", "1,,q,z|y|x", "0,x,p,x"]


def read(path: Path, *more: Any) -> Events:
    return read_events_csv(path, (0.5, 0.25, 0.25), 2, *more)


def test_kinds_of_fields_are_told_apart(written: Written) -> None:
    numbers = [f"{row % 2},{row / 7},{row % 3},{row}" for row in range(100)]
    events = read(written(["label,price,size,item", *numbers]))
    price, size, item = events.fields
    assert (price.kind, len(price.edges)) == ("number", BINS - 1)
    assert (size.kind, size.values) == ("one", ("0", "1", "2"))
    assert (item.kind, len(item.values)) == ("one", 100)
    assert events.columns["price"].min() == 1
    assert events.columns["price"].max() == BINS


def test_cells_may_hold_many_values_or_nothing(written: Written) -> None:
    events = read(written(LINES))
    assert [field.kind for field in events.fields] == ["one", "many", "history"]
    assert events.columns["item"].tolist() == [1, 2, 0, 1]
    assert events.columns["tags"].tolist() == [[1, 2], [0, 0], [2, 0], [1, 0]]
    # z is no item that happened, so it counts as missing; of three the latest two are kept.
    assert events.columns["history"].tolist() == [[0, 0], [1, 2], [2, 1], [1, 0]]


def test_a_column_of_parts_is_kept_and_else_rows_are_split(written: Written) -> None:
    rows = [f"{row % 2},{'train' if row < 6 else 'val' if row < 8 else 'test'},{row % 3}" for row in range(10)]
    assert read(written(["label,split,a", *rows])).parts.tolist() == [0] * 6 + [1] * 2 + [2] * 2
    parts = read(written(["label,a", *(f"{row % 2},{row}" for row in range(40))])).parts
    assert [(parts == part).sum() for part in range(3)] == [20, 10, 10]


def test_every_fault_is_told_at_once(written: Written) -> None:
    numbers = [f"1,train,{row / 3}" for row in range(60)]
    path = written(["label,split,price", *numbers, "2,train,1", "nan,test,1", ",later,1", "1,val,inf"])
    with pytest.raises(DataError) as told:
        read(path)
    assert [str(fault) for fault in told.value.faults] == [
        f"{path} must have a label of 0 or 1 in every row. Got row 62 (2), row 63 (nan), row 64 ().",
        f"{path} must have a split of train, val or test in every row. Got row 64 (later).",
    ]
    known = read(written(["label,price", *(f"{row % 2},{row / 3}" for row in range(60))], "good.csv")).fields
    with pytest.raises(
        DataError, match=r"must have a finite number or nothing for price in every row\. Got row 3 \(a\)"
    ):
        read_unlabelled(written(["price", "1", "a", ""]), known)


@pytest.mark.parametrize(
    ("lines", "must"),
    [
        (["item,price", "a,1"], "must have the column label. Got item, price."),
        (["label", "1"], "must have fields beside label and split. Got none."),
        (["label,history", "1,a"], "must have the column item, whose values history lists"),
    ],
)
def test_missing_columns_are_told(written: Written, lines: list[str], must: str) -> None:
    with pytest.raises(DataError) as told:
        read(written(lines))
    assert must in str(told.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"data\.path must be a CSV file of events.+label \(0 or 1\)"):
        read(tmp_path / "no.csv")


def test_known_fields_keep_their_numbers_and_strangers_count_as_missing(written: Written) -> None:
    known = read(written(LINES)).fields
    columns = read_unlabelled(written(["history,item,tags,more", "y,y,new|p,1"], "other.csv"), known)
    assert {name: column.tolist() for name, column in columns.items()} == {
        "item": [2],
        "tags": [[0, 1]],
        "history": [[2]],
    }
    again = read(written(["label,item,tags,history", "1,y,p,x", "0,y,,"], "more.csv"), known)
    assert again.columns["item"].tolist() == [2, 2]
    with pytest.raises(DataError, match=r"must have the column tags and history\. Got item\."):
        read_unlabelled(written(["item", "x"], "few.csv"), known)


def test_an_example_is_read_again(written: Written, tmp_path: Path) -> None:
    fields = read(written(LINES)).fields
    columns = read_unlabelled(write_example(tmp_path / "example.csv", fields), fields)
    assert columns["item"].tolist() == [1, 1]
    assert columns["history"].tolist() == [[1], [1]]
