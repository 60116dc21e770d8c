from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attnframe_vision.data.known import as_known
from attnframe_vision.data.pictures import Pictures

from attnframe.errors import DataError

FACTS: dict[str, Any] = {"classes": ["a", "b", "c"], "channels": 1, "size": [4, 4], "fit": "squash"}


def pictures(classes: tuple[str, ...], side: int = 4, channels: int = 1) -> Pictures:
    images = np.full((2, channels, side, side), 7, np.uint8)
    return Pictures(images, np.array([0, 1]), np.zeros(2, np.uint8), classes)


def test_labels_follow_the_order_of_the_known_classes() -> None:
    known = as_known(pictures(("c", "a")), FACTS)
    assert known.classes == ("a", "b", "c")
    assert known.labels.tolist() == [2, 0]


def test_size_and_channels_become_the_known_ones() -> None:
    known = as_known(pictures(("a", "b"), side=9, channels=3), FACTS)
    assert known.images.shape == (2, 1, 4, 4)
    assert (known.images == 7).all()


def test_unknown_classes_are_all_named() -> None:
    with pytest.raises(
        DataError, match=r"class x must be one that the model was trained on\. Known: a, b, c\."
    ) as told:
        as_known(pictures(("x", "y")), FACTS)
    assert len(told.value.faults) == 2
