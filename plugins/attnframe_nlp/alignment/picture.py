"""Alignments as pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib
from matplotlib.figure import Figure

MOST: Final = 20
"""Pictures drawn of one prediction."""
CELL: Final = 0.32
"""Inches of a token."""


def save_alignments(records: Sequence[Mapping[str, Any]], folder: Path) -> list[Path]:
    """Draw the alignments of prediction records, each in a file ``alignment-1.png``, …; at most 20.

    Args:
        records: with ``alignment`` as `aligned` gives it; those without are passed over.
        folder: where the pictures are written.
    """
    shown = [(number, record) for number, record in enumerate(records, start=1) if record.get("alignment")][:MOST]
    written = []
    for number, record in shown:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"alignment-{number}.png"
        _draw(record["alignment"], path)
        written.append(path)
    return written


def _draw(alignment: Mapping[str, Any], path: Path) -> None:
    source, target = (_plain(alignment[side]) for side in ("source", "target"))
    if not source or not target:
        source, target = source or [""], target or [""]
    with matplotlib.rc_context({"font.size": 8}):
        figure = Figure((1.5 + CELL * len(source), 1.2 + CELL * len(target)), dpi=120, layout="constrained")
        axes = figure.subplots()
        weights = alignment["weights"] or [[0.0] * len(source)]
        axes.imshow(weights, cmap="Greys", vmin=0.0, vmax=1.0, aspect="auto")
        axes.set_xticks(range(len(source)), source, rotation=60, ha="left", rotation_mode="anchor")
        axes.set_yticks(range(len(target)), target)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        figure.savefig(path)


def _plain(words: Sequence[str]) -> list[str]:
    """Words without the sign that begins a formula in matplotlib."""
    return [word.replace("$", r"\$") for word in words]
