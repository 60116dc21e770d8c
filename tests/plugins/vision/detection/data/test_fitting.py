from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from attnframe_vision.detection.data.fitting import fit_picture, fit_scale
from PIL import Image


def test_a_picture_of_the_same_shape_fills_everything() -> None:
    pixels, shape = fit_picture(Image.new("RGB", (80, 60), (1, 2, 3)), 30, 40)
    assert shape == (60, 80)
    assert pixels.shape == (3, 30, 40)
    assert [set(channel.ravel()) for channel in pixels] == [{1}, {2}, {3}]
    assert fit_scale(60, 80, 30, 40) == 0.5


@pytest.mark.parametrize(("size", "inner"), [((80, 40), (20, 40)), ((40, 80), (30, 15))])
def test_another_shape_is_kept_in_the_top_left_corner(size: tuple[int, int], inner: tuple[int, int]) -> None:
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8))
    pixels, _ = fit_picture(picture, 30, 40)
    height, width = inner
    assert pixels[:, :height, :width].std() > 10
    for free in (pixels[:, height:], pixels[:, :, width:]):
        assert all(len(set(channel.ravel())) <= 1 for channel in free)


def test_small_pictures_are_enlarged_and_grey_ones_coloured() -> None:
    pixels, shape = fit_picture(Image.new("L", (10, 5), 77), 20, 40)
    assert shape == (5, 10)
    assert (pixels == 77).all()


def test_a_large_photograph_turned_by_its_camera_has_its_upright_shape(tmp_path: Path) -> None:
    photograph = Image.new("RGB", (1600, 800), (200, 30, 30))
    about = Image.Exif()
    about[0x0112] = 6
    photograph.save(tmp_path / "turned.jpg", exif=about)
    with Image.open(tmp_path / "turned.jpg") as opened:
        pixels, shape = fit_picture(opened, 64, 32)
    assert shape == (1600, 800)
    assert np.abs(pixels.astype(int) - np.array([200, 30, 30]).reshape(3, 1, 1)).max() < 8
