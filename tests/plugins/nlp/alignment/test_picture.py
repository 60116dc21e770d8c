"""Alignments as pictures."""

from __future__ import annotations

from pathlib import Path

from attnframe_nlp.alignment.picture import MOST, save_alignments
from PIL import Image

ALIGNMENT = {"source": ["ein", "Hund", "$5$"], "target": ["a", "dog"], "weights": [[0.9, 0.1, 0.0], [0.0, 1.0, 0.0]]}


def test_a_picture_for_each_sentence(tmp_path: Path) -> None:
    wide = {**ALIGNMENT, "source": ["w"] * 30, "weights": [[0.0] * 30] * 2}
    paths = save_alignments([{"alignment": ALIGNMENT}, {}, {"alignment": wide}], tmp_path / "pictures")
    assert [path.name for path in paths] == ["alignment-1.png", "alignment-3.png"]
    widths = []
    for path in paths:
        with Image.open(path) as picture:
            widths.append(picture.width)
    assert widths[1] > 2 * widths[0]


def test_an_empty_translation_and_too_many(tmp_path: Path) -> None:
    empty = {"source": ["ein"], "target": [], "weights": []}
    assert len(save_alignments([{"alignment": empty}] * (MOST + 1), tmp_path)) == MOST
