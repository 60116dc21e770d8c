from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from attnframe_vision.data import floor
from attnframe_vision.data.module import PictureModule, PictureSplit


def test_separable_classes_are_found(made_module: Callable[..., PictureModule]) -> None:
    module = made_module()
    found = floor.nearest_neighbours(module.train, module.val, module.test)
    assert found["test/accuracy"] == found["test/f1"] == 1.0


def test_labels_without_relation_to_the_pictures_are_guessed() -> None:
    images = torch.randint(0, 256, (900, 1, 4, 4), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(900) % 3
    parts = [PictureSplit(images, labels, torch.arange(first, first + 300)) for first in (0, 300, 600)]
    assert 0.2 < floor.nearest_neighbours(*parts)["test/accuracy"] < 0.47


def test_large_sets_are_thinned_and_the_name_says_so(
    made_module: Callable[..., PictureModule], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = made_module(made={"count": 3000})
    monkeypatch.setattr(floor, "MOST_WORK", 1.0)
    found = floor.nearest_neighbours(module.train, module.val, module.test)
    assert f"1000 of {len(module.train)} training pictures" in found["name"]


def test_votes_go_to_the_commonest_label_and_ties_to_the_nearest() -> None:
    near = np.array([[2, 1, 1], [3, 1, 2], [0, 4, 4], [5, 5, 1]])
    assert floor._vote(near).tolist() == [1, 3, 4, 5]
