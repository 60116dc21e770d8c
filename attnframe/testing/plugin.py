"""The conformance suite of plugins, with three doors: a call, a pytest decorator, a generator.

check_plugin("vision")                      # every law of every task and model at once

@parametrize_plugins("vision")              # one pytest id for each task, model and law
def test_vision(check): check()

for name, check in plugin_checks():         # everything that is installed
    check()
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from attnframe.plugin.discovery import discover, load_plugin
from attnframe.testing.doors import Checks, parametrize, run_all
from attnframe.testing.plugin_laws import DATA_LAWS, LAWS, Subject

if TYPE_CHECKING:
    import pytest


def plugin_checks(*names: str) -> Checks:
    """Id and check of each law for each task of each plugin, and for each of its models where they count.

    A check raises AssertionError when its law is broken.

    Args:
        names: plugins to test; everything installed when none is given.
    """
    for name in names or tuple(found.name for found in discover().plugins):
        for task in load_plugin(name).tasks.values():
            for model in task.models:
                subject = Subject(name, task.name, model)
                for law, check in LAWS.items():
                    yield f"{task.name}, {model}: {law}", partial(check, subject)
            subject = Subject(name, task.name, next(iter(task.models)))
            for law, check in DATA_LAWS.items():
                yield f"{task.name}: {law}", partial(check, subject)


def check_plugin(*names: str) -> None:
    """Hold plugins to every law.

    Args:
        names: plugins to test; everything installed when none is given.

    Raises:
        AssertionError: naming every law that is broken, and how.
    """
    run_all(plugin_checks(*names))


def parametrize_plugins(*names: str) -> pytest.MarkDecorator:
    """A pytest decorator that gives a test the argument `check`, once for each task, model and law.

    Args:
        names: plugins to test; everything installed when none is given.
    """
    return parametrize(plugin_checks(*names))
