"""Subjects that are pictures."""

import re

import numpy as np
import torch
from torch import Tensor, nn

from attnframe.explanation.subjects.grid import SIDE, GridSubject
from attnframe.pictures import Box
from attnframe.plugin.subject import Maps


class Picture(GridSubject):
    deletion = score = read_out = "x"

    def scores(self, kept: Tensor) -> Tensor:
        return kept.float().sum(1)

    def relevance(self, maps: Maps) -> Tensor:
        return torch.ones(len(self.units))


def subject(height: int, width: int) -> Picture:
    pixels = np.random.default_rng(0).integers(0, 255, (height, width, 3)).astype(np.uint8)
    return Picture("a", "b", nn.Identity(), pixels, (2, 3))


def test_a_cell_is_its_pixels() -> None:
    kept = torch.tensor([[True, True, True, True, False, True]])
    pixels = subject(8, 12).cells(kept, (8, 12))
    assert pixels.shape == (1, 1, 8, 12)
    assert not pixels[0, 0, 4:, 4:8].any()
    assert pixels.sum() == 8 * 12 - 16
    assert subject(8, 12).units[4] == "row 2, column 2"


def test_small_pictures_take_few_bytes() -> None:
    picture = subject(400, 600)
    large, small = (picture.picture(np.ones(6), "Title", small=small) for small in (False, True))
    assert len(small) < 30_000 < len(large) < 200_000


def test_boxes_move_with_the_picture() -> None:
    picture = subject(2 * SIDE, 2 * SIDE)
    drawn = picture.overlaid(np.ones(6), "Title", [Box(0, 0, SIDE, 2 * SIDE, "all of the left")])
    assert "all of the left" in drawn
    widths = [float(value) for value in re.findall(r'<rect[^>]* width="([\d.]+)"', drawn)]
    assert max(widths) == 180  # half of a picture that is 360 units wide
