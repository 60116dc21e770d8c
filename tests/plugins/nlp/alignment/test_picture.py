"""Alignments as pictures."""

from __future__ import annotations

from pathlib import Path

from attnframe_nlp.alignment.picture import MOST, save_alignments

ALIGNMENT = {"source": ["ein", "Hund", "<5>"], "target": ["a", "dog"], "weights": [[0.9, 0.1, 0.0], [0.0, 1.0, 0.0]]}


def test_a_picture_for_each_sentence(tmp_path: Path) -> None:
    records = [
        {"input": "first", "alignment": ALIGNMENT},
        {"input": "second"},
        {"input": "third", "alignment": ALIGNMENT},
    ]
    (path,) = save_alignments(records, tmp_path / "pictures")
    page = path.read_text(encoding="utf-8")
    assert page.count("<figure") == 2
    assert all(word in page for word in ("first", "third", "Hund", "&lt;5&gt;", "dog"))
    assert "second" not in page


def test_an_empty_translation_and_too_many(tmp_path: Path) -> None:
    empty = {"source": ["ein"], "target": [], "weights": []}
    (path,) = save_alignments([{"input": "one", "alignment": empty}] * (MOST + 1), tmp_path)
    assert path.read_text(encoding="utf-8").count("<figure") == MOST


def test_without_alignments_there_is_no_page(tmp_path: Path) -> None:
    assert save_alignments([{"input": "one"}], tmp_path / "pictures") == []
    assert not (tmp_path / "pictures").exists()
