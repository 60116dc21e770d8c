from __future__ import annotations

from attnframe.masks import Extent, Full, lower


def test_shows_every_key_to_every_query() -> None:
    assert lower(Full(), Extent(2, 3, 4, 5)).expand(2, 3, 4, 5).all()


def test_hides_all_only_when_there_is_no_key() -> None:
    assert not Full().may_hide_all(Extent(1, 1, 7, 1))
    assert Full().may_hide_all(Extent(1, 1, 7, 0))
