"""Transcripts drawn over their spectrograms."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from attnframe.pictures import Box, Section, image, page, remark
from attnframe_speech.frontends.base import HOP_SECONDS, Frontend, Unheard

DRAWN: Final = 20
"""Recordings drawn, the first ones."""


def save_transcripts(records: list[dict[str, Any]], frontend: Frontend, folder: Path) -> list[Path]:
    """Draw the spectrogram of each recording, its words where they are said, onto the page ``transcripts.html``;
    nothing when none can be read.

    Args:
        records: with ``input`` (path of a recording; others are passed over) and ``words``.
        frontend: reads the recordings.
        folder: where the page is written.
    """
    sections = []
    for record in records[:DRAWN]:
        path = Path(record["input"])
        try:
            frames = frontend.frames(frontend.read(path))
        except Unheard:
            continue
        title = f"{len(frames) * HOP_SECONDS:.2f} seconds; low pitches below"
        drawn = image(_grey(frames), title, boxes=[_box(word, frames.shape[1]) for word in record["words"]])
        told = " ".join(f"{word['word']} ({word['confidence']:.0%})" for word in record["words"])
        sections.append(Section(path.name, [drawn, remark(told or "No word was understood.")]))
    if not sections:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    page_path = folder / "transcripts.html"
    page_path.write_text(page("Transcripts", sections), encoding="utf-8")
    return [page_path]


def _grey(frames: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """(F, T) from 0, loud, to 1, of frames (T, F)."""
    bands = frames.T[::-1].astype(np.float64)
    low, high = float(bands.min()), float(bands.max())
    grey: npt.NDArray[np.float64] = 1 - (bands - low) / ((high - low) or 1.0)
    return grey


def _box(word: dict[str, Any], height: int) -> Box:
    left, right = word["start"] / HOP_SECONDS, word["end"] / HOP_SECONDS
    return Box(left, 0, right, height, word["word"])
