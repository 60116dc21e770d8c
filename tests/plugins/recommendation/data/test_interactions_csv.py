"""A user's own interactions, good and bad."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attnframe_recommendation.data.interactions_csv import read_events, read_interactions_csv

from attnframe.errors import DataError

Written = Callable[..., Path]
EVENTS = ["user,item,timestamp", "ann,lamp,3", "bob,chair,1", "ann,chair,1", "ann,table,2", "bob,lamp,1"]


def test_rows_are_put_in_the_order_of_time(written: Written) -> None:
    data = read_interactions_csv(written(EVENTS))
    assert data.users == ("ann", "bob")
    assert data.items == ("lamp", "chair", "table")
    assert data.counts.tolist() == [3, 2]
    # Of bob's two events of one time the first in the file comes first.
    assert data.taken.tolist() == [2, 3, 1, 2, 1]
    assert data.times is not None
    assert data.times.tolist() == [1, 2, 3, 1, 1]


def test_dates_are_timestamps_too(written: Written) -> None:
    lines = ["user,item,timestamp", "a,x,2020-01-02", "a,y,1970-01-01T00:01:00", "a,z,1577836800"]
    data = read_interactions_csv(written(lines))
    assert data.times is not None
    assert data.times.tolist() == [60, 1577836800, 1577923200]


def test_parts_of_a_second_tell_the_order(written: Written) -> None:
    data = read_interactions_csv(written(["user,item,timestamp", "a,x,1.7", "a,y,1.2", "a,z,-0.5"]))
    assert data.taken.tolist() == [3, 2, 1]
    assert data.times is not None
    assert data.times.tolist() == [-1, 1, 1]
    with pytest.raises(DataError, match=r"must have a timestamp.+Got row 2 \(1e30\)"):
        read_interactions_csv(written(["user,item,timestamp", "a,x,1e30"]))


def test_items_may_be_described(written: Written) -> None:
    written(EVENTS, "own/interactions.csv")
    items = ["item,title,brand", "chair,Red chair,A|B", "lamp,Red lamp,", "never taken,,C"]
    path = written(items, "own/items.csv").parent
    data = read_interactions_csv(path)
    assert data.titles == ("Red lamp", "Red chair", "table")
    assert data.attributes.names == ("title=red", "brand=A", "brand=B")
    assert data.attributes.of_item == ((1,), (2, 3, 1), ())


def test_every_fault_of_both_tables_is_told_at_once(written: Written) -> None:
    events = ["user,item,timestamp", ",lamp,1", "ann,nan,2", "ann,lamp,soon", "ann,lamp,", "bob,lamp,inf"]
    events_path = written(events, "own/interactions.csv")
    items_path = written(["item,title", "lamp,A", "lamp,B", ",C"], "own/items.csv")
    with pytest.raises(DataError) as told:
        read_interactions_csv(events_path.parent)
    assert [str(fault) for fault in told.value.faults] == [
        f"{events_path} must have a user in every row. Got row 2.",
        f"{events_path} must have an item in every row. Got row 3.",
        f"{events_path} must have a timestamp, a number or a date in every row. "
        "Got row 4 (soon), row 5 (), row 6 (inf).",
        f"{items_path} must have an item in every row. Got row 4.",
        f"{items_path} must have an item of its own in every row. Got row 3 (lamp).",
    ]


def test_missing_columns_and_files_are_told(written: Written, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"must have the column item and timestamp\. Got user, product\."):
        read_interactions_csv(written(["user,product", "a,b"]))
    with pytest.raises(DataError, match=r"data\.path must be a file or folder of interactions\. Got .+no"):
        read_interactions_csv(tmp_path / "no")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"must be a file of interactions\. Got no file .+interactions\.csv"):
        read_interactions_csv(tmp_path / "empty")


def test_without_times_rows_stand_in_order(written: Written) -> None:
    data = read_events(written(["user,item", "a,y", "b,y", "a,x"]), "input", timed=False)
    assert data.times is None
    assert data.taken.tolist() == [1, 2, 1]
