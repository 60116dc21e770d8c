"""The embedded texts."""

from __future__ import annotations

from collections import Counter

from attnframe_nlp.data.labelled.python_topics import CHAPTERS, PythonTopicsSource


def test_every_chapter_has_paragraphs_and_none_is_in_two() -> None:
    texts = PythonTopicsSource().read()
    counts = Counter(texts.labels)
    assert set(counts) == set(CHAPTERS)
    assert min(counts.values()) >= 30
    assert len(set(texts.texts)) == len(texts.texts) > 1000
    assert min(len(text.split()) for text in texts.texts) >= 5


def test_it_is_the_same_every_time() -> None:
    assert PythonTopicsSource().read().digest == PythonTopicsSource().read().digest
