from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attnframe_vision.data import cache
from attnframe_vision.data.image_folder import ImageFolderSource
from PIL import Image

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN, VAL


def source(folder: Path, **changes: Any) -> ImageFolderSource:
    return ImageFolderSource(folder, **{"size": None, "fit": "crop", "colour": "auto", "skip_broken": False, **changes})


def faults(folder: Path, **changes: Any) -> str:
    """All that is wrong, as told."""
    made = source(folder, **changes)
    with pytest.raises(DataError) as raised:
        cache.load(made, folder.parent / "cache")
    return str(raised.value)


@contextmanager
def without_rights() -> Iterator[None]:
    """Run as a user to whom permissions apply."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_every_format_and_mode_is_read(class_folder: Path) -> None:
    found = source(class_folder).read()
    assert found.classes == ("dark", "light")
    assert found.images.shape == (12, 3, 16, 16)
    assert found.labels.tolist() == [0] * 6 + [1] * 6
    assert found.images[:6].mean() < 80 < 150 < found.images[6:].mean()
    assert set(found.parts) == {TRAIN}


def test_grey_pictures_stay_grey(tmp_path: Path) -> None:
    for label in ("a", "b"):
        for number in range(3):
            path = tmp_path / label / f"{number}.png"
            path.parent.mkdir(exist_ok=True)
            Image.new("L", (30, 30), 9).save(path)
    assert source(tmp_path).read().images.shape == (6, 1, 24, 24)
    assert source(tmp_path, colour="rgb").read().images.shape == (6, 3, 24, 24)


@pytest.mark.parametrize(("size", "expected"), [(None, 64), (20, 20), (100, 100)])
def test_size_is_that_of_the_pictures_up_to_64_or_as_given(tmp_path: Path, size: int | None, expected: int) -> None:
    for label in ("a", "b"):
        for number in range(3):
            path = tmp_path / label / f"{number}.png"
            path.parent.mkdir(exist_ok=True)
            Image.new("RGB", (300, 200)).save(path)
    assert source(tmp_path, size=size).read().images.shape[2:] == (expected, expected)


@pytest.mark.parametrize("val", ["val", "valid", "validation", "dev"])
def test_parts_that_the_folder_brings(class_folder: Path, tmp_path: Path, val: str) -> None:
    for part in ("train", val, "test"):
        shutil.copytree(class_folder, tmp_path / "parts" / part)
    found = source(tmp_path / "parts").read()
    assert [int((found.parts == part).sum()) for part in (TRAIN, VAL, TEST)] == [12, 12, 12]
    assert found.classes == ("dark", "light")


def test_pictures_in_subfolders_of_a_class_count_and_hidden_and_other_files_do_not(class_folder: Path) -> None:
    (class_folder / "dark" / "more").mkdir()
    shutil.move(class_folder / "dark" / "0.png", class_folder / "dark" / "more" / "0.png")
    (class_folder / "dark" / ".hidden.png").write_text("no picture")
    (class_folder / "dark" / "notes.txt").write_text("no picture")
    (class_folder / ".cache").mkdir()
    assert len(source(class_folder).read().labels) == 12


@pytest.mark.parametrize("name", ["a b", "ä,=~'\"[x]{y}$", "日本"])
def test_any_name_of_folder_and_class_works(class_folder: Path, tmp_path: Path, name: str) -> None:
    moved = tmp_path / name
    class_folder.rename(moved)
    (moved / "dark").rename(moved / name)
    assert name in source(moved).read().classes


def test_a_missing_folder(tmp_path: Path) -> None:
    text = faults(tmp_path / "absent")
    assert "data.path must be a folder that exists" in text
    assert str(tmp_path / "absent") in text
    assert "Expected: DIR/<class>/*.png" in text


def test_a_file_instead_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file.png").write_bytes(b"")
    assert "data.path must be a folder, not a file" in faults(tmp_path / "file.png")


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "data.path must hold pictures in class folders. Got none below" in faults(tmp_path)


def test_pictures_outside_class_folders(class_folder: Path, tmp_path: Path) -> None:
    assert "must hold pictures in class folders. Got none below" in faults(class_folder / "dark")


def test_an_unreadable_folder(class_folder: Path) -> None:
    class_folder.chmod(0)
    try:
        with without_rights():
            text = faults(class_folder)
    finally:
        class_folder.chmod(0o755)
    assert "data.path must be a folder that can be read" in text
    assert "Permission denied" in text


def test_one_class(class_folder: Path) -> None:
    shutil.rmtree(class_folder / "light")
    text = faults(class_folder)
    assert "data.path must hold pictures of at least 2 classes. Got 1 below" in text
    assert "(dark)" in text


def test_a_class_too_small_to_split(class_folder: Path) -> None:
    for number, ending in ((0, "png"), (1, "jpg"), (2, "bmp"), (3, "png")):
        (class_folder / "dark" / f"{number}.{ending}").unlink()
    assert "class dark must have at least 3 readable pictures" in faults(class_folder)


def test_class_folders_beside_parts(class_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(class_folder, class_folder / "train")
    text = faults(class_folder)
    assert "holds both. Got dark, light" in text


def break_pictures(folder: Path, count: int) -> None:
    for number in range(count):
        (folder / "dark" / f"broken{number:02}.png").write_bytes(b"no picture")


def test_broken_pictures_are_named_and_counted(class_folder: Path) -> None:
    break_pictures(class_folder, 1)
    cut = class_folder / "light" / "1.jpg"
    cut.write_bytes(cut.read_bytes()[:300])
    (class_folder / "light" / "loop.png").symlink_to("loop.png")
    text = faults(class_folder)
    assert "Got 3 of 14 that cannot be read" in text
    for name in ("dark/broken00.png (no known picture format)", "light/1.jpg", "light/loop.png"):
        assert name in text
    assert "data.skip_broken=true" in text


def test_many_broken_pictures_fit_on_a_screen(class_folder: Path) -> None:
    break_pictures(class_folder, 25)
    text = faults(class_folder)
    assert "Got 25 of 37 that cannot be read" in text
    assert "and 15 more" in text
    assert "broken09.png" in text
    assert "broken10.png" not in text


def test_broken_pictures_are_skipped_when_asked(class_folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    break_pictures(class_folder, 2)
    with caplog.at_level(logging.WARNING):
        found = source(class_folder, skip_broken=True).read()
    assert len(found.labels) == 12
    assert "2 of 14 pictures" in caplog.text


def test_all_faults_are_told_at_once(class_folder: Path) -> None:
    shutil.rmtree(class_folder / "light")
    break_pictures(class_folder, 1)
    text = faults(class_folder)
    assert "at least 2 classes" in text
    assert "cannot be read" in text


def test_the_fingerprint_follows_files_and_settings(class_folder: Path) -> None:
    before = source(class_folder).fingerprint()
    assert source(class_folder).fingerprint() == before
    assert source(class_folder, size=32).fingerprint() != before
    assert source(class_folder, fit="pad").fingerprint() != before
    os.utime(class_folder / "dark" / "0.png", ns=(1, 1))
    changed = source(class_folder).fingerprint()
    assert changed != before
    (class_folder / "dark" / "1.jpg").unlink()
    assert source(class_folder).fingerprint() != changed


@pytest.mark.parametrize(("fit", "expected"), [("crop", [[0, 0]]), ("pad", [[0, 255]]), ("squash", [[0, 255]])])
def test_fit_of_a_wide_picture(tmp_path: Path, fit: str, expected: list[list[int]]) -> None:
    """A black middle between white ends: cropping shows black alone."""
    wide = np.full((40, 120), 255, np.uint8)
    wide[:, 40:80] = 0
    for label in ("a", "b"):
        (tmp_path / label).mkdir()
        for number in range(3):
            Image.fromarray(wide).save(tmp_path / label / f"{number}.png")
    image = source(tmp_path, fit=fit, size=40).read().images[0, 0]
    assert [[int(image[20, 20]), int(image[20, 2])]] == expected
