from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from attnframe_vision.detection.data.coco import CocoSource
from attnframe_vision.detection.data.scenes import Scenes

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN, VAL


def read(folder: Path, skip_broken: bool = False) -> Scenes:
    source = CocoSource(folder, None, skip_broken)
    source.fingerprint()
    return source.read()


def faults(folder: Path) -> str:
    with pytest.raises(DataError) as raised:
        read(folder)
    return str(raised.value)


def content(folder: Path, name: str = "annotations/all.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / name).read_text())
    return found


def put(folder: Path, found: Any, name: str = "annotations/all.json") -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found))


def only(found: dict[str, Any], numbers: range) -> dict[str, Any]:
    """What a file holds of some pictures."""
    return found | {
        "images": [one for one in found["images"] if one["id"] in numbers],
        "annotations": [one for one in found["annotations"] if one["image_id"] in numbers],
    }


def test_pictures_and_boxes_are_read(coco: Path) -> None:
    scenes = read(coco)
    assert scenes.classes == ("cat", "dog")
    assert scenes.labels.tolist() == [[0, -1], [0, 1]] * 6
    assert scenes.boxes[3].tolist() == [[13, 8, 40, 33], [50, 20, 80, 60]]
    assert set(scenes.parts) == {TRAIN}


def test_files_of_parts_with_a_folder_each(coco: Path) -> None:
    whole = content(coco)
    (coco / "annotations" / "all.json").unlink()
    for name, numbers in (("train2017", range(8)), ("val2017", range(8, 12))):
        put(coco, only(whole, numbers), f"annotations/instances_{name}.json")
        put(coco, {"info": {}}, f"annotations/captions_{name}.json")
        (coco / name).mkdir()
        for number in numbers:
            shutil.move(coco / "images" / f"p{number:02}.jpg", coco / name)
    assert read(coco).parts.tolist() == [TRAIN] * 8 + [VAL] * 4


def test_files_beside_their_pictures(coco: Path, tmp_path: Path) -> None:
    for part, numbers in (("train", range(6)), ("valid", range(6, 8)), ("test", range(8, 12))):
        put(tmp_path / "set", only(content(coco), numbers), f"{part}/_annotations.coco.json")
        for number in numbers:
            shutil.copy(coco / "images" / f"p{number:02}.jpg", tmp_path / "set" / part)
    scenes = read(tmp_path / "set")
    assert sorted(scenes.parts.tolist()) == [TRAIN] * 6 + [VAL] * 2 + [TEST] * 4
    assert len(scenes.images) == 12


def test_crowds_are_ignored(coco: Path) -> None:
    found = content(coco)
    found["annotations"][0]["iscrowd"] = 1
    put(coco, found)
    assert read(coco).ignored.sum() == 1


def test_all_that_is_wrong_is_told_at_once(coco: Path) -> None:
    found = content(coco)
    one = found["annotations"]
    one[0]["bbox"] = [10, 10, 0, 5]
    one[1]["bbox"] = [10, 10, 200, 5]
    one[2]["bbox"] = [10, 10, "wide"]
    one[3]["category_id"] = 4
    one[4]["image_id"] = 77
    found["categories"].append({"id": 9, "name": "bird"})
    found["images"][5]["file_name"] = "nowhere.jpg"
    (coco / "images" / "p07.jpg").write_bytes(b"no picture")
    put(coco, found)
    told = faults(coco)
    assert len(told.splitlines()) == 8
    for part in (
        "must hold boxes with an area. Got 1 that does not: p00.jpg cat [10.0, 10.0, 10.0, 15.0]",
        "must hold boxes inside of their picture. Got 1 that does not: p01.jpg cat [10.0, 10.0, 210.0, 15.0] in 9",
        "must give every object a class and a box of four numbers. Got 1 that does not: all.json annotation 2",
        "must list the category of every annotation. Got 1 that does not: all.json annotation 3 (category_id 4)",
        "must list the picture of every annotation. Got 1 that does not: all.json annotation 4 (image_id 77)",
        "must hold boxes to train on for every class. Got 1 that does not: bird",
        "must hold the picture of every annotation. Got 1 that does not: nowhere.jpg",
        "must hold pictures that can be read. Got 1 that does not: p07.jpg (no known picture format)",
    ):
        assert part in told
    scenes = read(coco, skip_broken=True)
    assert scenes.classes == ("cat", "dog")
    assert len(scenes.images) == 10


def test_entries_of_any_form_are_faults_and_no_crash(coco: Path) -> None:
    found = content(coco)
    found["images"] += [7, {"id": 3, "file_name": "p04.jpg"}, {"id": [1]}]
    found["annotations"] += ["none", {"bbox": [1, 1, 5, 5], "category_id": {}, "image_id": 1}]
    found["annotations"] += [{"bbox": [1, 1, 5, 5], "category_id": 3, "image_id": []}]
    found["categories"] += [None, {"id": 9}]
    put(coco, found)
    told = faults(coco)
    for part in (
        "must give every picture an id of its own. Got 1 that does not: p04.jpg (id 3)",
        "Got 2 that do not: all.json: a picture without file_name, all.json: a picture without file_name",
        "must give every object a class and a box of four numbers. Got 1 that does not: all.json annotation 19",
        "(category_id {})",
        "(image_id [])",
    ):
        assert part in told


def test_broken_and_empty_files_are_told_at_once(coco: Path) -> None:
    whole = content(coco)
    (coco / "annotations" / "all.json").unlink()
    put(coco, whole | {"images": [], "annotations": []}, "annotations/val.json")
    put(coco, {"images": []}, "annotations/test.json")
    (coco / "annotations" / "train.json").write_text("{")
    told = faults(coco)
    assert "must hold annotation files that can be read. Got 1 that does not: train.json (Expecting property" in told
    assert "must hold JSON files with the lists images, annotations and categories of COCO. Got 1 that" in told
    assert "must hold pictures for each part that it names. Got 1 that does not: val.json" in told


def test_a_picture_in_two_parts_is_told(coco: Path) -> None:
    whole = content(coco)
    (coco / "annotations" / "all.json").unlink()
    put(coco, only(whole, range(8)), "annotations/train.json")
    put(coco, only(whole, range(7, 12)), "annotations/val.json")
    assert "must hold every picture in one part only. Got 1 that does not: p07.jpg" in faults(coco)


def test_files_that_do_not_say_their_part_are_told(coco: Path) -> None:
    put(coco, content(coco), "annotations/more.json")
    assert "must hold JSON files for train, val or test. Got all.json, more.json. Let the name" in faults(coco)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("nowhere", "data.path must be a folder that exists"),
        ("coco/annotations/all.json", "data.path must be a folder, not a file"),
        ("coco/images", "data.path must hold JSON files of COCO. Got none in .* Expected: DIR/annotations"),
    ],
)
def test_other_paths_are_refused(coco: Path, tmp_path: Path, place: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        read(tmp_path / place)
