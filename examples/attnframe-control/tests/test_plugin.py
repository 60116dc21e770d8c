"""The package keeps every law of plugins: it learns, repeats, saves, evaluates, predicts, fits every attention."""

from attnframe.testing import parametrize_plugins

REASONS: dict[str, str] = {}
"""Laws that are not kept, with why."""


@parametrize_plugins("control", expected_failures=REASONS)
def test_plugin(check):
    check()
