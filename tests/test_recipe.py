"""What recipes say of themselves."""

from __future__ import annotations

from attnframe.recipe import documented


class Base:
    """A base.

    Args:
        depth: layers, at least
            1; see `width`.
        width: features.
    """


class Derived(Base):
    """A class whose text has words: with colons.

    Args:
        width: features of one
            head.

    Raises:
        ValueError: never.
    """


def test_docstrings_tell_of_arguments_and_the_nearest_class_wins() -> None:
    assert documented(Base) == {"depth": "layers, at least 1; see `width`.", "width": "features."}
    assert documented(Derived) == {"depth": "layers, at least 1; see `width`.", "width": "features of one head."}


def test_a_class_without_arguments_tells_of_none() -> None:
    assert documented(object) == {}
