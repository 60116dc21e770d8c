from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from attnframe_vision.detection.data.listing import Labelled, ListedPicture, decode
from attnframe_vision.detection.data.report import Report
from PIL import Image

from attnframe.plugin.splitting import TRAIN


def listed(folder: Path, *sizes: tuple[int, int]) -> list[ListedPicture]:
    """Plain pictures of widths and heights, each with one object in its lower right quarter."""
    found = []
    for number, (width, height) in enumerate(sizes):
        path = folder / f"{number}.png"
        Image.new("RGB", (width, height), (number, 0, 0)).save(path)
        thing = Labelled("a", (width / 2, height / 2, width, height))
        found.append(ListedPicture(path, path.name, TRAIN, (thing,)))
    return found


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        (((640, 480),), (192, 256)),
        (((1000, 1000),), (224, 224)),
        (((100, 70),), (64, 96)),
        (((20, 10),), (32, 32)),
        (((640, 480), (640, 480), (480, 640)), (192, 256)),
    ],
)
def test_a_size_left_at_null_is_the_median_shape(
    tmp_path: Path, sizes: tuple[tuple[int, int], ...], expected: tuple[int, int]
) -> None:
    assert decode(listed(tmp_path, *sizes), (), None, Report(False)).images.shape[2:] == expected


def test_pictures_of_other_shapes_keep_them_and_so_do_their_boxes(tmp_path: Path) -> None:
    scenes = decode(listed(tmp_path, (80, 60), (60, 120), (40, 30)), (), (60, 80), Report(False))
    np.testing.assert_allclose(scenes.boxes[:, 0], [[40, 30, 80, 60], [15, 30, 30, 60], [40, 30, 80, 60]])


def test_classes_that_are_named_come_first(tmp_path: Path) -> None:
    pictures = listed(tmp_path, (40, 40))
    assert decode(pictures, ("b", "a"), None, Report(True)).classes == ("a",)
