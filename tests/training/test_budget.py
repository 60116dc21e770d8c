from __future__ import annotations

import pytest

from attnframe.recipes.trainer import TrainerRecipe
from attnframe.training.budget import TIME_GRACE, Budget, seconds_of


def test_the_smaller_of_steps_and_epochs_counts() -> None:
    assert Budget.of(TrainerRecipe(max_epochs=3, max_steps=100), steps_per_epoch=10) == Budget(30, 600)
    assert Budget.of(TrainerRecipe(max_epochs=30, max_steps=100, max_time=None), steps_per_epoch=10) == Budget(
        100, None
    )


def test_durations_are_read() -> None:
    assert seconds_of("01:02:03:04") == ((24 + 2) * 60 + 3) * 60 + 4


@pytest.mark.parametrize("seconds", [0.0, 1e9])
def test_without_a_time_budget_the_clock_does_not_matter(seconds: float) -> None:
    assert Budget(10, None).share(2.5, seconds) == 0.25
    assert not Budget(10, None).is_used_up(9, seconds)


def test_time_counts_once_it_is_clearly_ahead() -> None:
    budget = Budget(100, 1000)
    assert budget.share(10, 100) == 0.1
    assert budget.share(10, 1000 * (0.1 + TIME_GRACE * 0.9)) == pytest.approx(0.1)
    assert budget.share(10, 700) > 0.65
    assert budget.share(10, 1000) == 1.0


def test_time_alone_is_its_own_share() -> None:
    assert Budget(None, 200).share(5, 50) == 0.25
    assert Budget(None, 200).share(5, 500) == 1.0


def test_shares_never_fall() -> None:
    budget = Budget(100, 1000)
    shares = [budget.share(step, step * pace) for pace in (1, 11, 30) for step in range(100)]
    assert all(0 <= share <= 1 for share in shares)
    for pace in (1, 11, 30):
        course = [budget.share(step, step * pace) for step in range(100)]
        assert course == sorted(course)


@pytest.mark.parametrize(("steps", "seconds", "ended"), [(9, 99, False), (10, 0, True), (0, 100, True)])
def test_any_used_up_budget_ends_the_run(steps: int, seconds: float, ended: bool) -> None:
    assert Budget(10, 100).is_used_up(steps, seconds) is ended
