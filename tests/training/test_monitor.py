from __future__ import annotations

import math

from attnframe.plugin.contract import Monitor
from attnframe.training.monitor import BestSoFar


def course(values: list[float], mode: str, patience: int = 2) -> tuple[list[bool], BestSoFar]:
    best = BestSoFar()
    monitor = Monitor("score", "max" if mode == "max" else "min")
    metrics = [{"val/score": value, "val/loss": 1.0} for value in values]
    return [best.update(monitor, one, step, patience) for step, one in enumerate(metrics)], best


def test_of_equal_values_the_lower_loss_is_better() -> None:
    best, monitor = BestSoFar(), Monitor("score", "max")
    metrics = [{"val/score": 1.0, "val/loss": loss} for loss in (0.5, 0.4, 0.6)]
    assert [best.update(monitor, one, step, 2) for step, one in enumerate(metrics)] == [True, True, False]
    assert (best.best_step, best.best_loss) == (1, 0.4)


def test_the_best_is_the_first_of_the_highest() -> None:
    improved, best = course([1, 3, 2, 3, 0], "max")
    assert improved == [True, True, False, False, False]
    assert (best.best, best.best_step, best.stale) == (3, 1, 3)


def test_the_best_is_the_lowest_where_less_is_better() -> None:
    improved, best = course([1, 3, 0], "min")
    assert improved == [True, False, True]
    assert (best.best, best.stale) == (0, 0)


def test_plateaus_are_counted_anew_after_each() -> None:
    _, best = course([1, 0, 0, 0, 0, 0], "max", patience=2)
    assert best.plateaus == 2
    _, best = course([1, 0, 2, 0, 3], "max", patience=2)
    assert best.plateaus == 0


def test_anything_is_better_than_not_a_number() -> None:
    improved, best = course([math.nan, 0.5, math.nan], "max")
    assert improved == [True, True, False]
    assert best.best == 0.5
