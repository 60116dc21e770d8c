"""The package keeps every law of plugins: it learns, repeats, saves, evaluates, predicts, fits every attention."""

from attnframe.testing import parametrize_plugins


@parametrize_plugins("control")
def test_plugin(check):
    check()
