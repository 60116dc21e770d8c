"""Every installed plugin keeps every law of plugins."""

from __future__ import annotations

from collections.abc import Callable

from attnframe.testing.plugin import parametrize_plugins


@parametrize_plugins()
def test_plugin(check: Callable[[], None]) -> None:
    check()
