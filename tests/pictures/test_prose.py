"""Words around drawings."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

from attnframe.pictures import details, gallery, paragraph, preformatted, remark


def test_texts_stay_as_they_are(tree: Callable[[str], Element]) -> None:
    assert tree(paragraph("a < b")).text == "a < b"
    assert tree(remark("a & b")).text == "a & b"
    assert tree(preformatted("a:\n  b: <c>", "What")).findtext("pre") == "a:\n  b: <c>"


def test_what_is_folded_away_has_a_summary(tree: Callable[[str], Element]) -> None:
    folded = tree(details("<More>", [paragraph("a")]))
    assert [part.text for part in folded] == ["<More>", "a"]


def test_an_empty_gallery_is_nothing() -> None:
    assert gallery([]) == ""
