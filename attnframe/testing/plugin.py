"""The conformance suite of plugins, with three doors: a call, a pytest decorator, a generator.

    check_plugin("vision")                      # every law of every task and model at once

    @parametrize_plugins("vision")              # one pytest id for each task, model and law
    def test_vision(check): check()

    for name, check in plugin_checks():         # everything that is installed
        check()

A check that is known to fail is named with its reason, expected_failures={"my_task, transformer: learns": "why"}; once
it passes, that is a failure.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from attnframe.plugin.discovery import discover, load_plugin
from attnframe.testing.doors import NONE, Checks, Reasons, parametrize, run_all
from attnframe.testing.plugin_laws import LAWS, TASK_LAWS, Subject, lists_without_torch

if TYPE_CHECKING:
    import pytest


def plugin_checks(*names: str) -> Checks:
    """Id and check of each law for each plugin, each of its tasks, and each of its models where they count.

    A check raises AssertionError when its law is broken.

    Args:
        names: plugins to test; everything installed when none is given.

    Raises:
        PluginError: when a plugin is broken.
    """
    for name in names or tuple(found.name for found in discover().plugins):
        yield f"{name}: lists without torch", partial(lists_without_torch, name)
        for task in load_plugin(name).tasks.values():
            subjects = [Subject(name, task.name, model) for model in task.models]
            for subject in subjects:
                for law, check in LAWS.items():
                    yield f"{task.name}, {subject.model}: {law}", partial(check, subject)
            for law, check in TASK_LAWS.items():
                yield f"{task.name}: {law}", partial(check, subjects[0])


def check_plugin(*names: str, expected_failures: Reasons = NONE) -> None:
    """Hold plugins to every law.

    Args:
        names: plugins to test; everything installed when none is given.
        expected_failures: the reason, by id, of each check that must fail.

    Raises:
        AssertionError: naming every law that is broken, and how, and every expected failure that passes.
        PluginError: when a plugin is broken.
        ValueError: when a failure is expected of what is no check.
    """
    run_all(plugin_checks(*names), expected_failures)


def parametrize_plugins(*names: str, expected_failures: Reasons = NONE) -> pytest.MarkDecorator:
    """A pytest decorator that gives a test the argument `check`, once for each task, model and law.

    Args:
        names: plugins to test; everything installed when none is given.
        expected_failures: the reason, by id, of each check that must fail: ``xfail``, strict.

    Raises:
        PluginError: when a plugin is broken.
        ValueError: when a failure is expected of what is no check.
    """
    return parametrize(plugin_checks(*names), expected_failures)
