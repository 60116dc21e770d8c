"""The variant keeps every law that its capabilities claim, and refuses with advice what they do not."""

from attnframe.testing import parametrize_attention


@parametrize_attention("your_variant")
def test_variant(check):
    check()
