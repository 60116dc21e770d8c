from __future__ import annotations

from attnframe.positions import grid


def test_places_row_by_row() -> None:
    assert grid(2, 3).tolist() == [[[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]]


def test_tokens_without_a_place_stand_outside() -> None:
    assert grid(1, 2, extra_tokens=2).tolist() == [[[0, 0], [0, 0], [1, 1], [1, 2]]]
