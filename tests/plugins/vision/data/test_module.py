from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from attnframe_vision.data.module import PictureModule
from attnframe_vision.recipes.digits import Digits
from attnframe_vision.recipes.fashion_mnist import FashionMnist

from attnframe.errors import ConfigurationError, DataError

Make = Callable[..., PictureModule]


def test_parts_are_disjoint_and_whole_batches_come_by_index(made_module: Make) -> None:
    module = made_module()
    members = [set(split.members.tolist()) for split in (module.train, module.val, module.test)]
    assert sum(len(some) for some in members) == len(set.union(*members)) == 60
    batch = module.train.batch(torch.tensor([2, 0]))
    assert batch["pictures"].dtype == torch.uint8
    row = module.train.members[2]
    assert batch["pictures"][0].equal(module.train.images[row])
    assert batch["labels"][0] == module.train.labels[row]


def test_facts_are_those_of_the_training_part(made_module: Make) -> None:
    module = made_module(made={"channels": 3, "side": 12})
    pixels = module.train.batch(torch.arange(len(module.train)))["pictures"].double() / 255
    facts = module.facts
    assert facts["classes"] == ["class0", "class1", "class2"]
    assert (facts["channels"], facts["size"]) == (3, [12, 12])
    torch.testing.assert_close(torch.tensor(facts["mean"]).double(), pixels.mean((0, 2, 3)), atol=1e-5, rtol=0)
    torch.testing.assert_close(
        torch.tensor(facts["std"]).double(), pixels.std((0, 2, 3), unbiased=False), atol=1e-5, rtol=0
    )


def test_facts_survive_a_checkpoint(made_module: Make) -> None:
    facts = made_module().facts
    assert json.loads(json.dumps(facts)) == facts
    assert facts.keys() == Digits().nominal_facts().keys()


def test_the_digest_follows_content_and_split(made_module: Make) -> None:
    first = made_module().digest
    assert made_module().digest == first
    assert made_module(split=(0.6, 0.2, 0.2)).digest != first
    assert made_module(made={"count": 57}).digest != first


def test_a_part_without_pictures_is_told_with_the_split(made_module: Make) -> None:
    with pytest.raises(DataError, match=r"data.split must leave pictures for test"):
        made_module(recipe=FashionMnist, split=(0.9, 0.1, 0.0))


def test_every_class_without_training_pictures_is_named(made_module: Make, made_source: Callable[..., Any]) -> None:
    pictures = made_source(parts=3).pictures
    first_two = pictures.labels < 2
    unseen = replace(pictures, parts=np.where(first_two & (pictures.parts == 0), 1, pictures.parts).astype(np.uint8))
    with pytest.raises(DataError) as raised:
        made_module(unseen)
    assert [fault.where for fault in raised.value.faults] == ["class class0", "class class1"]


def test_augment_follows_the_recipe(made_module: Make) -> None:
    still = made_module(crop=0.0, rotate=0.0, zoom=0.0)
    batch = still.train.batch(torch.arange(8))
    assert still.augment(batch)["pictures"].equal(batch["pictures"])
    assert not made_module(crop=2.0).augment(batch)["pictures"].equal(batch["pictures"])


def test_digits_are_split_64_16_20(tmp_path: Path) -> None:
    module = Digits().build(data_dir=tmp_path / "none", cache_dir=tmp_path, seed=3)
    module.setup()
    sizes = [len(split) for split in (module.train, module.val, module.test)]
    assert sum(sizes) == 1797
    assert [round(size / 1797, 2) for size in sizes] == [0.64, 0.16, 0.2]
    assert module.facts["background"] == 0.0
    assert not (tmp_path / "none").exists()


def test_the_split_of_digits_is_that_of_scikit_learn(tmp_path: Path) -> None:
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    pixels, labels = load_digits(return_X_y=True)
    rest, test, rest_labels, _ = train_test_split(pixels, labels, test_size=0.2, stratify=labels, random_state=0)
    _, val = train_test_split(rest, test_size=0.2, stratify=rest_labels, random_state=0)
    module = Digits().build(data_dir=tmp_path, cache_dir=tmp_path, seed=0)
    module.setup()
    for split, expected in ((module.test, test), (module.val, val)):
        pictures = split.batch(torch.arange(len(split)))["pictures"].flatten(1).numpy()
        given = {one.tobytes() for one in np.rint(expected * 255 / 16).astype(np.uint8)}
        assert {one.tobytes() for one in pictures} == given


@pytest.mark.parametrize("split", [(0.9, 0.1, 0.0), (0.9, 0.095, 0.005)])
def test_digits_refuse_a_split_without_every_class(split: tuple[float, float, float]) -> None:
    with pytest.raises(ConfigurationError, match=r"data.split .* must give each part at least 0.01"):
        Digits(split=split)


def test_the_floor_of_digits_is_nearest_neighbours(tmp_path: Path) -> None:
    module = Digits().build(data_dir=tmp_path, cache_dir=tmp_path, seed=0)
    module.setup()
    floor = module.floor()
    assert re.fullmatch(r"nearest neighbours on pixels \(k=[135]\)", floor["name"])
    assert 0.96 < floor["test/accuracy"] < 0.995
    assert abs(floor["test/f1"] - floor["test/accuracy"]) < 0.01
