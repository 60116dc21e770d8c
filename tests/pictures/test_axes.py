"""Numbers on a plane."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from attnframe.pictures.axes import LEFT, PLOT, RIGHT, TOP, Axes, ticks
from attnframe.pictures.figure import WIDTH


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (-3, 7, [-2, 0, 2, 4, 6]),
        (0, 1234, [0, 200, 400, 600, 800, 1000, 1200]),
        (5, 5.01, [5, 5.002, 5.004, 5.006, 5.008, 5.01]),
    ],
)
def test_ticks_are_round(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high, 5) == pytest.approx(expected)


def test_corners_lie_at_the_ends_of_the_axes() -> None:
    axes = Axes((0, 10), (1, 3))
    assert axes.place(0, 1) == (LEFT, TOP + PLOT)
    assert axes.place(10, 3) == (WIDTH - RIGHT, TOP)


def test_powers_of_ten_lie_evenly() -> None:
    axes = Axes((0, 1), (1e-4, 1), log=True)
    heights = [axes.place(0, 10.0**power)[1] for power in range(-4, 1)]
    assert [a - b for a, b in pairwise(heights)] == pytest.approx([PLOT / 4] * 4)
    assert ">1e-4<" in axes.draw("", "")


@pytest.mark.parametrize("numbers", [[], [math.nan], [0.0], [7.0], [-2.0, -2.0]])
def test_axes_of_next_to_nothing_can_be_drawn(numbers: list[float]) -> None:
    axes = Axes.around(numbers, numbers)
    assert axes.x[0] < axes.x[1]
    assert axes.draw("x", "y")


def test_powers_of_ten_need_numbers_above_zero_that_are_far_apart() -> None:
    assert not Axes.around([0, 1], [0, 1], log=True).log
    assert not Axes.around([0, 1], [1, 5], log=True).log
    assert Axes.around([0, 1], [0.01, 5], log=True).log


def test_numbers_that_are_close_keep_their_figures() -> None:
    drawn = Axes((0, 1), (3.341, 3.3424)).draw("", "")
    assert ">3.3415<" in drawn
    assert ">3.342<" in drawn


def test_sizes_are_written_where_powers_lie_evenly() -> None:
    sizes = (512.0, 1024.0, 2048.0, 4096.0)
    axes = Axes((512, 4096), (0, 1), sizes=sizes)
    places = [axes.place(size, 0)[0] for size in sizes]
    assert [after - before for before, after in pairwise(places)] == pytest.approx([(WIDTH - LEFT - RIGHT) / 3] * 3)
    assert all(f">{size}<" in axes.draw("", "") for size in ("512", "1,024", "2,048", "4,096"))
