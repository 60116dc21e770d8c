"""Reading of tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from attnframe_recommendation.data.tables import is_nothing, read_table, row_fault, write_table

from attnframe.errors import Fault


def test_a_table_is_read_as_text(written: Callable[..., Path]) -> None:
    table = read_table(written(["user, item", "01,NA", "2,"]), ("user", "item"), [])
    assert table is not None
    assert table["user"].tolist() == ["01", "2"]
    assert is_nothing(table["item"]).tolist() == [True, True]


@pytest.mark.parametrize(
    ("lines", "must"),
    [
        (["a,b", "1,2"], "must have the column user and item. Got a, b."),
        (["user,item"], "must have rows. Got none."),
        ([], "must be a table in UTF-8, its columns named in the first row"),
        (["user,item", "1,2", "1,2,3,4"], "must be a table in UTF-8"),
    ],
)
def test_other_tables_are_refused(written: Callable[..., Path], lines: list[str], must: str) -> None:
    faults: list[Fault] = []
    assert read_table(written(lines), ("user", "item"), faults) is None
    assert must in str(faults[0])


def test_a_file_that_is_missing_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    faults: list[Fault] = []
    assert read_table(tmp_path / "no.csv", (), faults) is None
    (tmp_path / "bytes.csv").write_bytes(b"a,b\n\xff\xfe\x00,1\n")
    assert read_table(tmp_path / "bytes.csv", (), faults) is None
    assert [fault.must.split(",")[0] for fault in faults] == ["must be there", "must be a table in UTF-8"]


def test_bad_rows_are_counted_below_the_names_and_only_some_are_shown(tmp_path: Path) -> None:
    (fault,) = row_fault(tmp_path, np.arange(9) > 1, "must be good", [f"v{row}" for row in range(9)])
    assert str(fault).endswith(
        "must be good in every row. Got row 4 (v2), row 5 (v3), row 6 (v4), row 7 (v5), row 8 (v6) and 2 more."
    )
    assert row_fault(tmp_path, np.zeros(3, bool), "must be good") == []


def test_a_written_table_is_read_again(tmp_path: Path) -> None:
    write_table(tmp_path / "new" / "table.csv", ["a", "b"], [["x, y", 1]])
    table = read_table(tmp_path / "new" / "table.csv", ("a", "b"), [])
    assert table is not None
    assert table.iloc[0].tolist() == ["x, y", "1"]
