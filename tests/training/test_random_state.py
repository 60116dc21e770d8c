from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch

from attnframe.training.random_state import random_state, restore_random_state, seed_everything


def draw() -> list[float]:
    return [
        random.random(),
        random.gauss(0, 1),
        float(np.random.rand()),
        float(np.random.randn()),
        torch.rand(()).item(),
    ]


def test_the_generators_go_on_where_they_were(tmp_path: Path) -> None:
    seed_everything(3)
    draw()
    torch.save(random_state(), tmp_path / "state")
    expected = [draw(), draw()]
    restore_random_state(torch.load(tmp_path / "state", weights_only=True))
    assert [draw(), draw()] == expected


def test_a_seed_fixes_all_generators() -> None:
    seed_everything(2**32 - 1)
    expected = draw()
    seed_everything(2**32 - 1)
    assert draw() == expected
    seed_everything(5)
    assert all(one != other for one, other in zip(draw(), expected, strict=True))
