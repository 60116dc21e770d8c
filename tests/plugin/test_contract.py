from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from attnframe.errors import ConfigurationError
from attnframe.plugin.contract import DataRecipe, Facts


class Whole(DataRecipe):
    name: ClassVar[str] = "whole"

    def nominal_facts(self) -> Facts:
        return {}

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> Any:
        raise AssertionError("these tests read no data")


class Folded(Whole):
    name: ClassVar[str] = "folded"
    folds: ClassVar[int] = 3


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Whole(split=(0.5, 0.2, 0.2)), "must be three fractions of at least 0 that sum to 1"),
        (lambda: Whole(split=(1.5, -0.5, 0.0)), "must be three fractions of at least 0 that sum to 1"),
        (lambda: Whole(fold=0), "must be null: data=whole has no folds. Got 0. Leave it out."),
        (lambda: Folded(fold=3), "must be one of the folds. Got 3. Possible: 0 to 2."),
    ],
)
def test_impossible_parts_are_refused(make: Callable[[], DataRecipe], told: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        make()
    assert told in str(error.value)


def test_a_fold_that_is_there_is_taken() -> None:
    assert Folded(fold=2).fold == 2
