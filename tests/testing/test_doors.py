"""The doors of a suite: all that is broken at once, and expected failures that must fail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from attnframe.testing.doors import Checks, parametrize, run_all


def checks() -> Checks:
    def broken() -> None:
        raise AssertionError("it is broken")

    yield "one: holds", lambda: None
    yield "one: breaks", broken
    yield "two: breaks", broken


def test_all_that_is_broken_is_told_at_once() -> None:
    with pytest.raises(AssertionError) as caught:
        run_all(checks())
    one, two = (f"- {name}: breaks: AssertionError: it is broken" for name in ("one", "two"))
    assert str(caught.value) == f"2 of 3 checks failed:\n{one}\n{two}"


def test_an_expected_failure_that_fails_is_fine_and_one_that_passes_is_not() -> None:
    reasons = {"one: breaks": "known", "two: breaks": "known too"}
    run_all(checks(), reasons)
    with pytest.raises(AssertionError, match="- one: holds: AssertionError: it passes, but was exp"):
        run_all(checks(), reasons | {"one: holds": "wrong"})


def test_a_failure_of_what_is_no_check_cannot_be_expected() -> None:
    for door in (run_all, parametrize):
        with pytest.raises(ValueError, match="no check is called 'one: brakes'"):
            door(checks(), {"one: brakes": "a slip"})


def test_each_check_is_a_parameter_and_expected_failures_are_strict_with_their_reason() -> None:
    mark = parametrize(checks(), {"one: breaks": "known"})
    names, parameters = mark.args
    assert names == "check"
    assert [parameter.id for parameter in parameters] == ["one:-holds", "one:-breaks", "two:-breaks"]
    marks = {parameter.id: [(one.name, one.kwargs) for one in parameter.marks] for parameter in parameters}
    assert marks["one:-breaks"] == [("xfail", {"reason": "known", "strict": True})]
    assert marks["two:-breaks"] == []


def test_nothing_of_this_project_is_expected_to_fail() -> None:
    root = Path(__file__).parents[2]
    tests = [*root.glob("tests/**/*.py"), *root.glob("examples/*/tests/**/*.py")]
    assert len(tests) > 100
    own = Path(__file__)
    assert [path for path in tests if path != own and re.search(r"expected_failures|xfail", path.read_text())] == []
