from __future__ import annotations

from pathlib import Path

import pytest
from attnframe_vision.inputs import read_pictures

from attnframe.errors import DataError


def test_one_picture(class_folder: Path) -> None:
    path = class_folder / "dark" / "0.png"
    ((name, picture),) = read_pictures(str(path))
    assert name == str(path)
    assert picture.size == (20, 16)


def test_a_picture_without_an_ending(class_folder: Path) -> None:
    path = (class_folder / "dark" / "0.png").rename(class_folder / "scan")
    assert len(list(read_pictures(str(path)))) == 1


def test_a_folder_gives_every_picture_below_in_order(class_folder: Path) -> None:
    names = [name for name, _ in read_pictures(str(class_folder))]
    assert len(names) == 12
    assert names == sorted(names)


def test_a_missing_input(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"input must be a picture or a folder of pictures that exists. Got .*absent"):
        read_pictures(str(tmp_path / "absent"))


def test_a_folder_without_pictures(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"input must hold pictures. Got none below"):
        read_pictures(str(tmp_path))


def test_every_broken_picture_is_named_before_the_first_is_given(class_folder: Path) -> None:
    for number in range(12):
        (class_folder / f"x{number:02}.png").write_bytes(b"no picture")
    with pytest.raises(DataError) as raised:
        read_pictures(str(class_folder))
    text = str(raised.value)
    assert "Got 12 of 24 that cannot be read" in text
    assert "x09.png (no known picture format)" in text
    assert "and 2 more" in text
