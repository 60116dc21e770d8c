"""The conformance suite of plugins, with three doors: a call, a pytest decorator, a generator.

check_plugin("vision")                      # every law of every task at once

@parametrize_plugins("vision")              # one pytest id for each task and law
def test_vision(check): check()

for name, check in plugin_checks():         # everything that is installed
    check()
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from attnframe.plugin.discovery import discover, load_plugin
from attnframe.testing.plugin_laws import LAWS, Subject

if TYPE_CHECKING:
    import pytest


def plugin_checks(*names: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """Id and check of each law for each task of each plugin; a check raises AssertionError when its law is broken.

    Args:
        names: plugins to test; everything installed when none is given.
    """
    for name in names or tuple(found.name for found in discover().plugins):
        for task in load_plugin(name).tasks:
            subject = Subject(name, task)
            for law, check in LAWS.items():
                yield f"{task}: {law}", partial(check, subject)


def check_plugin(*names: str) -> None:
    """Hold plugins to every law.

    Args:
        names: plugins to test; everything installed when none is given.

    Raises:
        AssertionError: naming every law that is broken, and how.
    """
    broken: list[tuple[str, Exception]] = []
    count = 0
    for name, check in plugin_checks(*names):
        count += 1
        try:
            check()
        except Exception as error:  # A broken plugin may raise anything; all that is broken is told at once.
            broken.append((name, error))
    if broken:
        told = "\n".join(f"- {name}: {type(error).__name__}: {error}" for name, error in broken)
        raise AssertionError(f"{len(broken)} of {count} checks failed:\n{told}") from broken[0][1]


def parametrize_plugins(*names: str) -> pytest.MarkDecorator:
    """A pytest decorator that gives a test the argument `check`, once for each task and law.

    Args:
        names: plugins to test; everything installed when none is given.
    """
    import pytest

    return pytest.mark.parametrize(
        "check", [pytest.param(check, id=name.replace(" ", "-")) for name, check in plugin_checks(*names)]
    )
