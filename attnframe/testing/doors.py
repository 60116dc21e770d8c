"""Two of the three doors of a conformance suite, made from the third: a generator of named checks.

Expected failures are for authors outside: a plugin that cannot keep one law is still held to all others, and hears when
the reason is gone. The variants and plugins of this project have none, which a test holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from attnframe.errors import did_you_mean

if TYPE_CHECKING:
    import pytest

Checks: TypeAlias = Iterator[tuple[str, Callable[[], None]]]
"""Id and check; a check raises AssertionError when its law is broken."""


Reasons: TypeAlias = Mapping[str, str]
"""Why a check is expected to fail, by its id. An expected failure that passes is a failure, so that reasons are taken
off when they are gone."""
NONE: Reasons = MappingProxyType({})


def run_all(checks: Checks, expected_failures: Reasons = NONE) -> None:
    """Run every check.

    Args:
        checks: what to run.
        expected_failures: the reason, by id, of each check that must fail.

    Raises:
        AssertionError: naming every law that is broken, and how, and every expected failure that passes.
        ValueError: when a failure is expected of what is no check.
    """
    broken: list[tuple[str, Exception]] = []
    known = dict(checks)
    _all_known(expected_failures, known)
    for name, check in known.items():
        try:
            check()
        except Exception as error:  # A broken subject may raise anything; all that is broken is told at once.
            if name not in expected_failures:
                broken.append((name, error))
            continue
        if name in expected_failures:
            broken.append((name, AssertionError(f"it passes, but was expected to fail: {expected_failures[name]}")))
    if broken:
        told = "\n".join(f"- {name}: {type(error).__name__}: {error}" for name, error in broken)
        raise AssertionError(f"{len(broken)} of {len(known)} checks failed:\n{told}") from broken[0][1]


def parametrize(checks: Checks, expected_failures: Reasons = NONE) -> pytest.MarkDecorator:
    """A pytest decorator that gives a test the argument `check`, once for each check.

    Args:
        checks: what to test.
        expected_failures: the reason, by id, of each check that must fail: ``xfail``, strict.

    Raises:
        ValueError: when a failure is expected of what is no check.
    """
    import pytest

    known = dict(checks)
    _all_known(expected_failures, known)
    marks = {name: [pytest.mark.xfail(reason=reason, strict=True)] for name, reason in expected_failures.items()}
    ids = {name: name.replace(" ", "-") for name in known}
    parameters = [pytest.param(check, id=ids[name], marks=marks.get(name, ())) for name, check in known.items()]
    return pytest.mark.parametrize("check", parameters)


def _all_known(expected_failures: Reasons, names: Iterable[str]) -> None:
    known = list(names)
    for name in expected_failures:
        if name not in known:
            raise ValueError(f"no check is called {name!r}. {did_you_mean(name, known)}")
