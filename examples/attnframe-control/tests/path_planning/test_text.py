"""A user's own maps."""

import pytest
from attnframe_control.path_planning.text import read_maps, stack

from attnframe.errors import DataError

GOOD = "S.#\n..G\n"


def write(folder, text, name="maps.txt"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_maps_of_a_file_are_parted_by_empty_lines(tmp_path):
    path = write(tmp_path, f"{GOOD}\n\nG.\n")
    first, second = read_maps(str(path), "data.path")
    assert first.name == f"{path}, map 1"
    assert first.starts == [(0, 0)]
    assert second.cells.shape == (1, 2)


def test_a_folder_is_read_file_by_file(tmp_path):
    write(tmp_path, GOOD, "b.txt")
    write(tmp_path, GOOD, "a.txt")
    assert [one.name for one in read_maps(str(tmp_path), "input")] == [
        f"{tmp_path / n}, map 1" for n in ("a.txt", "b.txt")
    ]


def test_smaller_maps_are_filled_up_with_walls(tmp_path):
    path = write(tmp_path, "\n".join([f"{GOOD}"] * 9 + ["G...\n"]))
    maps = stack(read_maps(str(path), "data.path"), str(path))
    assert maps.free.shape == (10, 2, 4)
    assert maps.free[0].tolist() == [[True, True, False, False], [True, True, True, False]]
    assert maps.goals[9, 0, 0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("S.?\n..G\n", "map 1 must have no other characters than # . G S. Got '?'"),
        ("S.\n..G\n", "map 1 must have rows of one length. Got lengths from 2 to 3"),
        (f"{GOOD}\n...\n", "map 2 must have one goal G. Got 0"),
        ("GG\n", "must have one goal G. Got 2"),
        ("\n\n", "must hold maps. Got none"),
    ],
)
def test_what_is_wrong_with_a_map_is_told(tmp_path, text, told):
    with pytest.raises(DataError) as caught:
        read_maps(str(write(tmp_path, text)), "input")
    assert told in str(caught.value)
    assert "input=" in str(caught.value)


def test_all_faults_are_told_at_once_and_counted(tmp_path):
    with pytest.raises(DataError) as caught:
        read_maps(str(write(tmp_path, "\n\n".join(["??"] * 4))), "input")
    assert len(caught.value.faults) == 6
    assert "3 more faults" in str(caught.value)


def test_missing_files_empty_folders_and_too_few_maps_are_told(tmp_path):
    with pytest.raises(DataError, match="must be a readable text file of maps"):
        read_maps(str(tmp_path / "none.txt"), "input")
    with pytest.raises(DataError, match=r"must hold \.txt files of maps"):
        read_maps(str(tmp_path), "input")
    path = write(tmp_path, GOOD)
    with pytest.raises(DataError, match=r"must hold at least 10 maps\. Got 1"):
        stack(read_maps(str(path), "data.path"), str(path))
