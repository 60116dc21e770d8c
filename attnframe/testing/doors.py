"""Two of the three doors of a conformance suite, made from the third: a generator of named checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import pytest

Checks: TypeAlias = Iterator[tuple[str, Callable[[], None]]]
"""Id and check; a check raises AssertionError when its law is broken."""


def run_all(checks: Checks) -> None:
    """Run every check.

    Raises:
        AssertionError: naming every law that is broken, and how.
    """
    broken: list[tuple[str, Exception]] = []
    count = 0
    for name, check in checks:
        count += 1
        try:
            check()
        except Exception as error:  # A broken subject may raise anything; all that is broken is told at once.
            broken.append((name, error))
    if broken:
        told = "\n".join(f"- {name}: {type(error).__name__}: {error}" for name, error in broken)
        raise AssertionError(f"{len(broken)} of {count} checks failed:\n{told}") from broken[0][1]


def parametrize(checks: Checks) -> pytest.MarkDecorator:
    """A pytest decorator that gives a test the argument `check`, once for each check."""
    import pytest

    return pytest.mark.parametrize("check", [pytest.param(check, id=name.replace(" ", "-")) for name, check in checks])
