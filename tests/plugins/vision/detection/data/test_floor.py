from __future__ import annotations

import numpy as np
import torch
from attnframe_vision.detection.data.floor import mean_boxes
from attnframe_vision.detection.data.module import SceneModule, SceneSplit


def split(boxes: list[list[list[float]]], labels: list[list[int]]) -> SceneSplit:
    marks = torch.zeros(len(labels), len(labels[0]), dtype=torch.bool)
    values = {"boxes": torch.tensor(boxes), "labels": torch.tensor(labels), "ignored": marks}
    return SceneSplit(values, torch.arange(len(labels)))


def test_objects_that_are_always_at_the_same_places_are_found() -> None:
    here, there = [2.0, 2, 12, 12], [20.0, 20, 40, 30]
    data = split([[here, there]] * 5, [[0, 1]] * 5)
    floor = mean_boxes(data, data, 2)
    assert floor == {"name": "class-mean boxes (2 in every picture)", "test/map50": 1.0, "test/map": 1.0}


def test_as_many_boxes_as_most_pictures_with_the_class_have() -> None:
    pair = [[0.0, 0, 10, 10], [30.0, 30, 40, 40]]
    one = [[0.0, 0, 10, 10], [0.0, 0, 0, 0]]
    data = split([pair, pair, one], [[0, 0], [0, 0], [0, -1]])
    floor = mean_boxes(data, data, 1)
    assert floor["name"] == "class-mean boxes (2 in every picture)"
    assert floor["test/map50"] > 0.9


def test_the_floor_of_generated_shapes_is_low(shapes: SceneModule) -> None:
    floor = shapes.floor()
    assert set(floor) == {"name", "test/map50", "test/map"}
    assert 0 <= floor["test/map"] <= floor["test/map50"] < 0.2
    assert np.isfinite(floor["test/map"])
    assert floor == shapes.floor()
