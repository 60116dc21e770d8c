"""Axial rotary positions against timm's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from timm.layers.pos_embed_sincos import RotaryEmbeddingCat, apply_rot_embed_cat
from torch import Tensor

from attnframe.positions import AxialRotary, grid


@pytest.mark.parametrize("size", [(4, 4), (3, 7)])
@pytest.mark.parametrize("base", [100.0, 10000.0])
def test_equals_timm(size: tuple[int, int], base: float, agree: Callable[..., None]) -> None:
    turns = RotaryEmbeddingCat(16, temperature=base, in_pixels=False, feat_shape=list(size)).get_embed()
    rotary, places = AxialRotary(16, base), grid(*size)

    def theirs(x: Tensor) -> Tensor:
        return apply_rot_embed_cat(x, turns)

    torch.manual_seed(0)
    agree(lambda x: rotary.rotate(x, places), theirs, torch.randn(2, 3, size[0] * size[1], 16))
