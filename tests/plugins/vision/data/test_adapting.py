from __future__ import annotations

import numpy as np
import pytest
from attnframe_vision.data.adapting import background_of, fill_of, to_array, to_plain
from PIL import Image


def drawn(side: int, ink: int, paper: int, box: tuple[int, int, int, int]) -> Image.Image:
    picture = np.full((side, side), paper, np.uint8)
    top, left, bottom, right = box
    picture[top:bottom, left:right] = ink
    return Image.fromarray(picture)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I", "F"])
@pytest.mark.parametrize("channels", [1, 3])
def test_every_mode_gives_bytes_of_the_same_brightness(mode: str, channels: int) -> None:
    white_left = np.zeros((8, 8), np.uint8)
    white_left[:, :4] = 255
    array = to_array(Image.fromarray(white_left).convert(mode), 8, 8, channels, "squash")
    assert array.shape == (channels, 8, 8)
    assert array.dtype == np.uint8
    assert array[:, :, :4].min() > 250
    assert array[:, :, 4:].max() < 5


def test_sixteen_bits_are_scaled() -> None:
    values = np.array([[0, 65535], [32768, 257]], np.uint16)
    array = to_array(Image.fromarray(values), 2, 2, 1, "squash")
    assert array[0].tolist() == [[0, 255], [127, 1]]


def test_transparency_shows_white() -> None:
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    assert to_array(clear, 4, 4, 3, "squash").min() == 255


def test_a_turned_photograph_is_set_upright(tmp_path: object) -> None:
    picture = Image.new("L", (8, 4), 0)
    picture.paste(255, (0, 0, 4, 4))
    exif = picture.getexif()
    exif[0x0112] = 6  # the camera was turned: show it rotated by 90 degrees clockwise
    path = f"{tmp_path}/turned.png"
    picture.save(path, exif=exif)
    with Image.open(path) as stored:
        array = to_array(stored, 8, 4, 1, "squash")[0]
    assert array[:4].min() == 255
    assert array[4:].max() == 0


def test_sets_with_a_plain_background_are_known_by_their_borders() -> None:
    images = np.zeros((20, 1, 10, 10), np.uint8)
    images[:, :, 2:8, 3:7] = 255
    assert background_of(images) == 0
    assert background_of(255 - images) == 1
    assert fill_of(images, 0.0) == pytest.approx(0.6)
    noise = np.random.default_rng(0).integers(0, 256, (20, 1, 10, 10), dtype=np.uint8)
    assert background_of(noise) is None
    assert background_of(np.zeros((20, 3, 10, 10), np.uint8)) is None


def test_a_scan_becomes_like_the_data_whatever_its_paper_and_margins() -> None:
    expected = None
    for side, ink, paper, box in ((40, 255, 0, (8, 10, 32, 22)), (200, 30, 230, (100, 20, 148, 44))):
        plain = to_plain(drawn(side, ink, paper, box), background=0.0, fill=0.75)
        array = to_array(plain, 16, 16, 1, "squash")[0]
        assert array[0].max() < 30
        assert array[8, 8] > 150
        tall = np.flatnonzero(array.max(1) > 100)
        assert len(tall) == 12
        expected = expected or tall.tolist()
        assert tall.tolist() == expected


def test_a_picture_without_a_plain_border_is_left_alone() -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (20, 20), dtype=np.uint8))
    assert to_plain(noise, 0.0, 1.0) is noise
    empty = Image.new("L", (20, 20), 255)
    assert to_plain(empty, 0.0, 1.0) is empty
