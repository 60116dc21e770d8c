from __future__ import annotations

import math

import pytest

from attnframe.errors import ConfigurationError
from attnframe.recipes.optim import OptimRecipe
from attnframe.training.schedule import rate_factor

NAMES = ["cosine", "linear", "inverse_sqrt", "plateau", "constant"]


@pytest.mark.parametrize("name", NAMES)
def test_the_warm_up_is_linear_and_meets_the_peak(name: str) -> None:
    optim = OptimRecipe(schedule=name, warmup=0.2)
    assert [rate_factor(optim, share) for share in (0.0, 0.05, 0.1)] == pytest.approx([0, 0.25, 0.5])
    assert rate_factor(optim, 0.2) == pytest.approx(1)
    assert rate_factor(optim, 0.2 - 1e-9) == pytest.approx(1)


@pytest.mark.parametrize("name", NAMES)
def test_it_never_rises_after_the_warm_up_and_stays_in_range(name: str) -> None:
    optim = OptimRecipe(schedule=name, warmup=0.1, min_lr_ratio=0.05)
    course = [rate_factor(optim, 0.1 + 0.9 * step / 50) for step in range(51)]
    assert course == sorted(course, reverse=True)
    assert all(0 <= factor <= 1 for factor in course)


@pytest.mark.parametrize(
    ("name", "share", "expected"),
    [
        ("cosine", 0.55, 0.1 + 0.9 * 0.5),
        ("cosine", 1.0, 0.1),
        ("linear", 0.55, 0.55),
        ("linear", 1.0, 0.1),
        ("inverse_sqrt", 0.4, 0.5),
        ("constant", 1.0, 1.0),
    ],
)
def test_values_worked_out_by_hand(name: str, share: float, expected: float) -> None:
    optim = OptimRecipe(schedule=name, warmup=0.1, min_lr_ratio=0.1)
    assert math.isclose(rate_factor(optim, share), expected, rel_tol=1e-12)


def test_plateaus_divide_by_ten_down_to_the_least() -> None:
    optim = OptimRecipe(schedule="plateau", warmup=0.0, min_lr_ratio=0.005)
    assert [rate_factor(optim, 0.5, plateaus) for plateaus in range(4)] == pytest.approx([1, 0.1, 0.01, 0.005])


def test_inverse_sqrt_needs_a_warm_up() -> None:
    with pytest.raises(ConfigurationError, match=r"optim\.warmup .* must be above 0 with schedule=inverse_sqrt"):
        OptimRecipe(schedule="inverse_sqrt", warmup=0.0)
