from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from attnframe_vision.detection.data.module import SceneModule, as_known
from attnframe_vision.detection.data.scenes import Scenes, SceneSource, padded
from attnframe_vision.detection.recipes.shapes import Shapes
from attnframe_vision.detection.recipes.voc_folder import VocFolder

from attnframe.errors import DataError
from attnframe.plugin.splitting import TEST, TRAIN, VAL


class MadeScenes(SceneSource):
    name = "made"

    def __init__(self, scenes: Scenes) -> None:
        self.scenes = scenes

    def fingerprint(self) -> str:
        return f"{self.scenes.labels.tolist()} {self.scenes.parts.tolist()}"

    def read(self) -> Scenes:
        return self.scenes


def made(labels: list[int], parts: list[int], ignored: bool = False) -> Scenes:
    """One picture an entry, each with a box of 10 x 40 pixels."""
    count = len(labels)
    return Scenes(
        images=np.arange(count, dtype=np.uint8)[:, None, None, None] * np.ones((1, 3, 48, 64), np.uint8),
        boxes=np.tile(np.array([5, 5, 45, 15], np.float32), (count, 1, 1)),
        labels=np.array(labels, np.int64)[:, None],
        ignored=np.full((count, 1), ignored),
        parts=np.array(parts, np.uint8),
        classes=("a", "b"),
    )


def module(scenes: Scenes, folder: Path, **fields: Any) -> SceneModule:
    return SceneModule(Shapes(**fields), MadeScenes(scenes), folder / "cache")


def test_facts_are_those_of_the_training_part(tmp_path: Path) -> None:
    data = module(made([0, 1, 1, 0], [TRAIN, TRAIN, VAL, TEST]), tmp_path)
    data.setup()
    assert data.facts["classes"] == ["a", "b"]
    assert data.facts["size"] == [48, 64]
    assert data.facts["mean"] == pytest.approx([0.5 / 255] * 3)
    assert data.facts["side"] == pytest.approx(20)
    assert data.facts["objects"] == 1
    assert [len(part) for part in (data.train, data.val, data.test)] == [2, 1, 1]
    assert data.protocol == {"pictures": "2 / 1 / 1", "brought to": "48 x 64 pixels"}
    batch = data.test.batch(torch.tensor([0]))
    assert batch["pictures"].unique().tolist() == [3]
    assert batch["boxes"].tolist() == [[[5, 5, 45, 15]]]


def test_missing_parts_are_split_off_and_the_split_is_in_the_digest(tmp_path: Path) -> None:
    digests = []
    for split in ((0.6, 0.2, 0.2), (0.8, 0.1, 0.1)):
        data = module(made([0, 1] * 10, [TRAIN] * 20), tmp_path, split=split)
        data.setup()
        digests.append(data.digest)
        assert [len(part) for part in (data.train, data.val, data.test)] == [round(20 * share) for share in split]
    assert digests[0] != digests[1]


def test_a_class_without_a_box_to_train_on_is_refused(tmp_path: Path) -> None:
    for scenes in (made([0, 0, 1, 1], [TRAIN, TRAIN, VAL, TEST]), made([0, 1], [TRAIN, VAL], ignored=True)):
        with pytest.raises(DataError, match=r"class b must have boxes to train on\. Got none"):
            module(scenes, tmp_path).setup()


def test_a_part_without_pictures_is_refused(tmp_path: Path) -> None:
    recipe = VocFolder(path="x", split=(1.0, 0.0, 0.0))
    data = SceneModule(recipe, MadeScenes(made([0, 1], [TRAIN, TRAIN])), tmp_path / "cache")
    with pytest.raises(DataError, match=r"data.split must leave pictures for val.*\n.*for test"):
        data.setup()


def test_data_for_a_trained_model_take_its_order_of_classes(tmp_path: Path) -> None:
    facts = {"classes": ["b", "x", "a"], "size": [48, 64], "objects": 3}
    data = module(made([0, 1, -1, 1], [TRAIN, TRAIN, VAL, TEST]), tmp_path)
    data.known_facts = facts
    data.setup()
    assert data.facts is facts
    assert data.train.batch(torch.arange(2))["labels"].tolist() == [[2], [0]]
    assert data.val.batch(torch.arange(1))["labels"].tolist() == [[-1]]
    with pytest.raises(DataError, match=r"class b must be one that the model was trained on\. Known: a"):
        as_known(made([0], [TRAIN]), {"classes": ["a"]})


def test_a_second_setup_reads_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenes = made([0, 1, 0, 1], [TRAIN, TRAIN, VAL, TEST])
    first = module(scenes, tmp_path)
    first.setup()

    def unread(self: MadeScenes) -> Scenes:
        raise AssertionError("decoded twice")

    monkeypatch.setattr(MadeScenes, "read", unread)
    second = module(scenes, tmp_path)
    second.setup()
    assert second.digest == first.digest
    assert second.facts == first.facts


def test_rows_of_unequal_length_are_filled() -> None:
    rows = [np.array([1, 2]), np.array([], int), np.array([3])]
    assert padded(rows, -1, (), np.int64).tolist() == [[1, 2], [-1, -1], [3, -1]]
    assert padded([], 0, (4,), np.float32).shape == (0, 1, 4)


def test_augmented_batches_keep_their_form(shapes: SceneModule) -> None:
    batch = shapes.train.batch(torch.arange(6))
    changed = shapes.augment(batch)
    assert {name: values.shape for name, values in changed.items()} == {n: v.shape for n, v in batch.items()}
    assert (changed["labels"] != -1).sum() > 0
