"""Lowered forms are kept while nothing that they were made from changes."""

from __future__ import annotations

import pytest
import torch

from attnframe.masks import Causal, Extent, Function, Mask, Padding, Window
from attnframe.masks.kept import KEPT, kept


@pytest.fixture
def counted() -> tuple[list[Mask], object]:
    made: list[Mask] = []

    def make(mask: Mask, extent: Extent) -> int:
        made.append(mask)
        return len(made)

    return made, kept(make)


def test_equal_masks_share_one_form(counted: tuple[list[Mask], object]) -> None:
    made, lowered = counted
    valid = torch.ones(2, 6, dtype=torch.bool)
    for _ in range(3):
        lowered(Causal() & Padding(valid), Extent(2, 4, 6, 6))
    assert len(made) == 1
    lowered(Causal() & Padding(valid.clone()), Extent(2, 4, 6, 6))
    lowered(Causal() & Padding(valid), Extent(2, 4, 3, 6))
    assert len(made) == 3
    lowered(Causal() & Padding(valid), Extent(2, 4, 3, 6, query_start=3))  # the same, written out
    assert len(made) == 3


def test_a_tensor_that_is_written_to_gives_a_new_form(counted: tuple[list[Mask], object]) -> None:
    made, lowered = counted
    valid = torch.ones(2, 6, dtype=torch.bool)
    lowered(~Padding(valid), Extent(2, 4, 6, 6))
    valid[0, 3:] = False
    lowered(~Padding(valid), Extent(2, 4, 6, 6))
    assert len(made) == 2


def test_what_may_change_unseen_is_not_kept(counted: tuple[list[Mask], object]) -> None:
    made, lowered = counted
    with torch.inference_mode():
        valid = torch.ones(2, 6, dtype=torch.bool)
    places = torch.arange(6)
    for _ in range(2):
        lowered(Padding(valid), Extent(2, 4, 6, 6))
        lowered(Window(1, 1), Extent(2, 4, 6, 6, key_positions=places))
    assert len(made) == 4
    with torch.inference_mode():
        lowered(Causal(), Extent(2, 4, 6, 6))
    lowered(Causal(), Extent(2, 4, 6, 6))
    assert len(made) == 6


def test_only_the_last_few_are_held(counted: tuple[list[Mask], object]) -> None:
    made, lowered = counted
    extent = Extent(1, 1, 6, 6)
    for _ in range(KEPT + 1):
        lowered(Function(lambda *at: at[2] == at[3]), extent)
    lowered(made[-1], extent)
    assert len(made) == KEPT + 1
    lowered(made[0], extent)
    assert len(made) == KEPT + 2
