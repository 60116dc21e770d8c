"""Tracks, and the files that hold them."""

import numpy as np
import pytest
from attnframe_control.trajectory_prediction.tracks import read_tracks, tracks_of

from attnframe.errors import DataError

ROWS = [(10, "b", 1.0, 2.0), (0, "a", 0.0, 0.0), (10, "a", 1.0, 0.0), (40, "a", 4.0, 0.0), (20, "b", 2.0, 2.0)]


def written(folder, text, name="tracks.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def table(rows):
    return "frame,id,x,y\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)


def test_rows_in_any_order_are_runs_of_one_person_each(tmp_path):
    tracks = read_tracks(written(tmp_path, table(ROWS)), "data.path")
    assert tracks.step == 10
    runs = [(tracks.people[run.start], tracks.frames[run].tolist()) for run in tracks.runs()]
    assert runs == [("a", [0, 10]), ("a", [40]), ("b", [10, 20])]


def test_a_text_file_of_four_numbers_a_line_is_the_same(tmp_path):
    text = "".join(f"{frame}.0\t{'ab'.index(person)}.0\t{x}\t{y}\n" for frame, person, x, y in ROWS)
    tracks = read_tracks(written(tmp_path, text, "tracks.txt"), "data.path")
    other = read_tracks(written(tmp_path, table(ROWS)), "data.path")
    np.testing.assert_array_equal(tracks.places, other.places)
    assert tracks.people.tolist() == ["0", "0", "0", "1", "1"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("t.csv", table([*ROWS, ROWS[0]]), "must have a person once in a frame. Got id b in frame 10"),
        ("t.csv", "frame,id,x\n1,2,3\n", "must have the column y"),
        ("t.csv", table([(0, "a", "far", 1)]), "must have finite numbers in frame and x and y. Got x 'far' in line 2"),
        (
            "t.txt",
            "1 2 3 4\n1 2 3\nx y z w\n",
            "four numbers in each line: frame, id, x, y. Got line 2 (1 2 3), line",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path, name, text, told):
    path = written(tmp_path, text, name)
    with pytest.raises(DataError) as caught:
        read_tracks(path, "input")
    assert f"input={path}" in str(caught.value)
    assert told in str(caught.value)


def test_a_missing_file_is_told_in_either_form(tmp_path):
    for name in ("none.csv", "none.txt"):
        with pytest.raises(DataError, match="must be a readable file"):
            read_tracks(tmp_path / name, "input")


def test_one_person_in_one_frame_has_a_step():
    assert tracks_of(np.zeros(1), np.array(["a"]), np.zeros((1, 2))).step == 1
