"""The package keeps every law of plugins: it learns, repeats, saves, evaluates, predicts, fits every attention."""

from attnframe.testing import parametrize_plugins


@parametrize_plugins("your_domain")
def test_plugin(check):
    check()
