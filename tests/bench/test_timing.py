"""Rounds take turns, ratios pair neighbours, exponents are those of powers."""

from __future__ import annotations

import pytest

from attnframe.bench.timing import exponent, paired_ratio, rounds


def test_every_step_runs_once_a_round_in_turn() -> None:
    ran: list[str] = []
    times = rounds({"a": lambda: ran.append("a"), "b": lambda: ran.append("b")}, 1e-9, least=4)
    assert len(times["a"]) == len(times["b"]) >= 4
    assert "".join(ran).endswith("abababab")


def test_a_ratio_is_of_neighbours_and_not_of_medians() -> None:
    # The machine slows down by ten in the middle: of medians the ratio would be 10 / 2.
    assert paired_ratio([2, 20, 20, 2, 20], [1, 10, 10, 1, 10]) == 2


def test_the_exponent_of_a_power_is_its_own() -> None:
    assert exponent([1024, 2048, 8192], [3 * n**1.5 for n in (1024, 2048, 8192)]) == pytest.approx(1.5)
