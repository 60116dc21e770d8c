"""Alignments as pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from attnframe.pictures import Section, gallery, heatmap, page

MOST: Final = 20
"""Sentences that are drawn, the first ones."""


def save_alignments(records: Sequence[Mapping[str, Any]], folder: Path) -> list[Path]:
    """Draw the alignments of prediction records onto the page ``alignments.html``; nothing when there is none.

    Args:
        records: with ``input`` and ``alignment`` as `aligned` gives it; those without are passed over.
        folder: where the page is written.
    """
    drawn = [_draw(record) for record in records if record.get("alignment")][:MOST]
    if not drawn:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "alignments.html"
    path.write_text(page("Alignments", [Section("What each token was read from", [gallery(drawn)])]), encoding="utf-8")
    return [path]


def _draw(record: Mapping[str, Any]) -> str:
    alignment = record["alignment"]
    source, target = (alignment[side] or [""] for side in ("source", "target"))
    weights = alignment["weights"] or [[0.0] * len(source)]
    labels = {"row_label": "translation", "column_label": "sentence"}
    return heatmap(weights, target, source, str(record["input"]), limits=(0.0, 1.0), **labels)
