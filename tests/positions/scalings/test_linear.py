from __future__ import annotations

import torch

from attnframe.positions import LinearScaling, Rotary


def test_is_the_same_as_squeezed_positions() -> None:
    torch.manual_seed(0)
    x, at = torch.randn(1, 2, 6, 8), torch.arange(6)[None]
    scaled = Rotary(8, scaling=LinearScaling(4.0)).rotate(x, at)
    torch.testing.assert_close(scaled, Rotary(8).rotate(x, at / 4))
