from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from attnframe_vision.detection.data.scenes import Scenes
from attnframe_vision.detection.data.voc import VocSource

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN, VAL


def read(folder: Path, size: tuple[int, int] | None = None, skip_broken: bool = False) -> Scenes:
    source = VocSource(folder, size, skip_broken)
    source.fingerprint()
    return source.read()


def faults(folder: Path) -> str:
    """All that is wrong, as told."""
    with pytest.raises(DataError) as raised:
        read(folder)
    return str(raised.value)


def sets(folder: Path, **names: Sequence[int]) -> None:
    home = folder / "ImageSets" / "Main"
    home.mkdir(parents=True, exist_ok=True)
    for name, numbers in names.items():
        (home / f"{name}.txt").write_text("".join(f"p{number:02}\n" for number in numbers))


def xml(folder: Path, number: int) -> Path:
    return folder / "Annotations" / f"p{number:02}.xml"


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


def test_pictures_and_boxes_are_read(voc: Path) -> None:
    scenes = read(voc)
    assert scenes.classes == ("cat", "dog")
    assert scenes.images.shape == (12, 3, 64, 96)
    assert scenes.labels.tolist() == [[0, -1], [0, 1]] * 6
    assert scenes.boxes[3].tolist() == [[13, 8, 40, 33], [50, 20, 80, 60]]
    assert set(scenes.parts) == {TRAIN}
    assert not scenes.ignored.any()


def test_boxes_follow_the_size_that_pictures_are_fitted_into(voc: Path) -> None:
    scenes = read(voc, (64, 48))
    assert scenes.images.shape == (12, 3, 64, 48)
    assert scenes.boxes[3].tolist() == [[6.5, 4, 20, 16.5], [25, 10, 40, 30]]
    assert len(set(scenes.images[0, 0, 32:].ravel())) == 1


def test_sets_give_the_parts(voc: Path) -> None:
    sets(voc, train=range(6), val=[6, 7], test=[8, 9, 10], trainval=range(8))
    assert read(voc).parts.tolist() == [TRAIN] * 6 + [VAL] * 2 + [TEST] * 3
    (voc / "ImageSets" / "Main" / "train.txt").unlink()
    (voc / "ImageSets" / "Main" / "val.txt").unlink()
    assert read(voc).parts.tolist() == [TRAIN] * 8 + [TEST] * 3


def test_the_folder_above_is_taken_too(voc: Path, tmp_path: Path) -> None:
    (tmp_path / "kit").mkdir()
    shutil.move(voc, tmp_path / "kit" / "VOC2012")
    assert len(read(tmp_path / "kit").images) == 12
    shutil.copytree(tmp_path / "kit" / "VOC2012", tmp_path / "kit" / "VOC2007")
    assert "must hold one folder with Annotations" in faults(tmp_path / "kit")


@pytest.mark.parametrize("parts", [(".",), ("train", "valid", "test")])
def test_pictures_beside_their_files(voc: Path, tmp_path: Path, parts: Sequence[str]) -> None:
    for number in range(12):
        home = tmp_path / "pairs" / parts[number * len(parts) // 12]
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(xml(voc, number), home)
        shutil.copy(voc / "JPEGImages" / f"p{number:02}.jpg", home)
    scenes = read(tmp_path / "pairs")
    assert len(scenes.images) == 12
    assert len(set(scenes.parts)) == len(parts)
    assert (np.sort(scenes.labels.ravel()) == np.sort(read(voc).labels.ravel())).all()


def test_difficult_objects_are_ignored(voc: Path) -> None:
    change(xml(voc, 1), "<difficult>0</difficult>", "<difficult>1</difficult>")
    assert read(voc).ignored.sum() == 1


def test_all_that_is_wrong_is_told_at_once(voc: Path) -> None:
    change(xml(voc, 0), "</annotation>", "")
    (voc / "JPEGImages" / "p01.jpg").unlink()
    (voc / "JPEGImages" / "p02.jpg").write_bytes(b"no picture")
    broken = voc / "JPEGImages" / "p03.jpg"
    broken.write_bytes(broken.read_bytes()[:700])
    change(xml(voc, 4), "<xmax>40</xmax>", "<xmax>14</xmax>")
    change(xml(voc, 5), "<xmax>80</xmax>", "<xmax>180</xmax>")
    change(xml(voc, 6), "<ymin>8</ymin>", "")
    change(xml(voc, 7), "<name>dog</name>", "<name> </name>")
    sets(voc, train=[0, 1, 2, 3, 4, 5, 6, 7], val=[8, 9, 99, 1], test=[])
    change(xml(voc, 9), "<name>dog</name>", "<name>bird</name>")
    told = faults(voc)
    assert len(told.splitlines()) == 10
    for part in (
        "must hold annotation files that can be read. Got 1 that does not: p00.xml (no element found",
        "must hold the picture of every annotation. Got 1 that does not: p01.xml. Mend them, or give data.skip_br",
        "must hold pictures that can be read. Got 2 that do not: p02.jpg (no known picture format), p03.jpg (",
        "must hold boxes with an area. Got 1 that does not: p04.jpg cat [14.0, 8.0, 14.0, 34.0]",
        "must hold boxes inside of their picture. Got 1 that does not: p05.jpg dog [50.0, 20.0, 180.0, 60.0] in 9",
        "must give every object a class and a box of four numbers. Got 2 that do not: p06.xml object 1, p07.xml ob",
        "must hold an annotation for every picture that ImageSets lists. Got 1 that does not: p99",
        "must hold every picture in one part only. Got 1 that does not: p01",
        "must hold pictures for each part that it names. Got 1 that does not: ImageSets/Main/test.txt",
        "must hold boxes to train on for every class. Got 1 that does not: bird",
    ):
        assert part in told


def test_a_class_that_only_validation_shows_is_told(voc: Path) -> None:
    sets(voc, train=range(6), val=[6, 7], test=[8])
    change(xml(voc, 7), "<name>dog</name>", "<name>bird</name>")
    assert "must hold boxes to train on for every class. Got 1 that does not: bird" in faults(voc)
    scenes = read(voc, skip_broken=True)
    assert scenes.classes == ("cat", "dog")
    assert scenes.labels[7].tolist() == [0, -1]


def test_broken_things_are_left_out_on_request(voc: Path, caplog: pytest.LogCaptureFixture) -> None:
    change(xml(voc, 0), "</annotation>", "")
    (voc / "JPEGImages" / "p01.jpg").unlink()
    (voc / "JPEGImages" / "p02.jpg").write_bytes(b"no picture")
    change(xml(voc, 4), "<xmax>40</xmax>", "<xmax>14</xmax>")
    change(xml(voc, 5), "<xmax>80</xmax>", "<xmax>180</xmax>")
    with caplog.at_level(logging.WARNING):
        scenes = read(voc, skip_broken=True)
    assert len(scenes.images) == 9
    assert scenes.labels[1].tolist() == [-1, -1]  # p04, whose only box has no area
    assert scenes.boxes.max() == 96
    assert "must hold the picture of every annotation; 1 that does not: p01.xml, left out" in caplog.text


def test_boxes_that_count_from_one_are_cut_without_a_word(voc: Path) -> None:
    change(xml(voc, 3), "<xmin>13</xmin>", "<xmin>-1</xmin>")
    assert read(voc).boxes[3, 0].tolist() == [0, 8, 40, 33]


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("nowhere", "data.path must be a folder that exists. Got .*nowhere. Expected: DIR/JPEGImages"),
        ("voc/JPEGImages/p00.jpg", "data.path must be a folder, not a file"),
        ("voc/JPEGImages", "data.path must hold pictures with XML files. Got no XML below"),
    ],
)
def test_other_paths_are_refused(voc: Path, tmp_path: Path, place: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        read(tmp_path / place)


def test_a_part_without_files_is_told(voc: Path, tmp_path: Path) -> None:
    shutil.copytree(voc / "JPEGImages", tmp_path / "pairs" / "train")
    for file in (voc / "Annotations").iterdir():
        shutil.copy(file, tmp_path / "pairs" / "train")
    (tmp_path / "pairs" / "val").mkdir()
    assert "must hold pictures for each part that it names. Got 1 that does not: val" in faults(tmp_path / "pairs")


def test_a_changed_file_changes_the_fingerprint(voc: Path) -> None:
    source = VocSource(voc, None, False)
    before = source.fingerprint()
    change(xml(voc, 3), "<name>cat</name>", "<name>bird</name>")
    assert source.fingerprint() != before
    assert source.resized((64, 64)).fingerprint() != source.fingerprint()
