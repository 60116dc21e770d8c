"""A user's own tables and lines."""

from pathlib import Path

import pytest

from attnframe.errors import DataError
from attnframe.plugin.tables import read_header, read_lines, read_numbers, read_table

COLUMNS = ("text", "label")


def table(folder: Path, content: bytes | str) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def test_columns_are_read_in_the_order_asked_for_whatever_stands_beside(tmp_path: Path) -> None:
    path = table(tmp_path, '\ufefflabel, id ,text\r\nx,1," a, ""b"" "\r\n\r\ny,2,"two\nlines"\n')
    assert read_table(path, COLUMNS) == [('a, "b"', "x"), ("two\nlines", "y")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("text,class\na,b\n", "must have the column label. Got text, class. Expected: a CSV file whose first line is"),
        ("", "must have the column text and label. Got an empty file."),
        ("text,label\na,x\nb,\nc\n", "must have text and label in every row. Got empty cells in line 3, line 4."),
        ("text,label\n" + "a,\n" * 7, "line 6 and 2 more."),
        ("text,label\n", "must have at least 1 row. Got 0."),
        (b"text,label\n\xff,x\n", "must be encoded in UTF-8. Got byte 11 is not."),
    ],
)
def test_what_is_wrong_names_the_file_and_the_lines(tmp_path: Path, content: bytes | str, told: str) -> None:
    path = table(tmp_path, content)
    with pytest.raises(DataError) as caught:
        read_table(path, COLUMNS)
    assert f"data.path={path}" in str(caught.value)
    assert told in str(caught.value)


def test_all_faults_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_table(table(tmp_path, "text,label\na,\n"), COLUMNS, least=3)
    assert len(caught.value.faults) == 2
    assert "must have at least 3 rows. Got 0." in str(caught.value)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(DataError, match="must be a readable file"):
            read_table(path, COLUMNS)


def test_a_header_names_the_columns(tmp_path: Path) -> None:
    assert read_header(table(tmp_path, "\ufeffx, y ,a name\n1,2,3\n")) == ["x", "y", "a name"]
    assert read_header(table(tmp_path, "")) == []
    with pytest.raises(DataError, match=r"input=none\.csv must be a readable file"):
        read_header("none.csv", key="input")


def test_numbers_are_read_column_by_column(tmp_path: Path) -> None:
    path = table(tmp_path, "x,name,y\n1,a,-2.5\n\n1e3,b, 4 \n")
    assert read_numbers(path, ("y", "x")).tolist() == [[-2.5, 1.0], [4.0, 1000.0]]


def test_cells_that_are_no_numbers_are_told_with_their_lines(tmp_path: Path) -> None:
    path = table(tmp_path, "x,y\n1,two\n\nnan,4\n" + "inf,0\n" * 5)
    with pytest.raises(DataError) as caught:
        read_numbers(path, ("x", "y"), key="input")
    told = f"input={path} must have finite numbers in x and y. Got y 'two' in line 2, x 'nan' in line 4, x 'inf' in"
    assert told in str(caught.value)
    assert "line 7 and 2 more." in str(caught.value)


def test_lines_are_those_of_a_file_or_the_text_itself(tmp_path: Path) -> None:
    path = table(tmp_path, " one \n\ntwo\n")
    assert read_lines(str(path)) == ["one", "two"]
    assert read_lines("a text") == ["a text"]
    assert read_lines("long " * 2000) == [("long " * 2000).strip()]


def test_no_text_is_told(tmp_path: Path) -> None:
    for source in (" ", str(table(tmp_path, "\n"))):
        with pytest.raises(DataError, match="input must hold text"):
            read_lines(source)
