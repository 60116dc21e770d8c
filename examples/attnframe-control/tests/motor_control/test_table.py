"""A user's own table of numbers."""

from pathlib import Path

import pytest
from attnframe_control.motor_control.table import read_own

from attnframe.errors import DataError

FACTS = {"features": ["b", "a"], "target": "y"}


def written(folder: Path, header: str) -> Path:
    path = folder / "rows.csv"
    path.write_text(header + "\n" + "".join(f"{row},{2 * row},{3 * row}\n" for row in range(10)), encoding="utf-8")
    return path


def test_all_columns_but_the_target_are_features(tmp_path):
    table = read_own(written(tmp_path, "a,y,b"), "y", None, None)
    assert table.features == ("a", "b")
    assert table.inputs[2].tolist() == [2, 6]
    assert table.targets[2] == 4


def test_features_can_be_chosen_and_a_model_brings_its_own(tmp_path):
    path = written(tmp_path, "a,y,b")
    assert read_own(path, "y", ("b",), None).inputs[1].tolist() == [3]
    assert read_own(path, "anything", None, FACTS).inputs[1].tolist() == [3, 1]


@pytest.mark.parametrize(
    ("header", "target", "told"),
    [
        ("a,y,b", "z", "data.target must be a column of"),
        ("a,target_y,b", "target_x", "Did you mean target_y?"),
        ("a,y,y", "y", "must have columns besides the target"),
    ],
)
def test_a_target_that_is_missing_or_alone_is_told(tmp_path, header, target, told):
    path = written(tmp_path, header)
    if header == "a,y,y":
        path.write_text("y\n" + "1\n" * 10, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_own(path, target, None, None)
    assert told in str(caught.value)


def test_what_is_no_number_and_too_few_rows_are_told(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("a,y\n1,2\n3,four\n" + "1,1\n" * 8, encoding="utf-8")
    with pytest.raises(DataError, match=r"must have finite numbers in a and y\. Got y 'four' in line 3"):
        read_own(path, "y", None, None)
    path.write_text("a,y\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"must have at least 10 rows\. Got 1"):
        read_own(path, "y", None, None)
