"""Transcripts drawn over their spectrograms."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import matplotlib
from matplotlib.figure import Figure

from attnframe_speech.frontends.base import HOP_SECONDS, Frontend, Unheard

DRAWN: Final = 20
"""Recordings drawn, the first ones."""
INCHES: Final = 1.5
"""Width of a second of sound, in inches."""


def save_transcripts(records: list[dict[str, Any]], frontend: Frontend, folder: Path) -> list[Path]:
    """Draw the spectrogram of each recording with its words where they are said, surer ones darker.

    Args:
        records: with ``input`` (path of a recording; others are passed over) and ``words``.
        frontend: reads the recordings.
        folder: where ``transcript-1.png``, … are written.
    """
    written = []
    for number, record in enumerate(records[:DRAWN], 1):
        path = Path(record["input"])
        try:
            frames = frontend.frames(frontend.read(path))
        except Unheard:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        seconds = len(frames) * HOP_SECONDS
        with matplotlib.rc_context({"font.size": 8}):
            figure = Figure(figsize=(min(max(INCHES * seconds, 3), 24), 2.2), layout="constrained")
            axes = figure.add_subplot()
            axes.imshow(
                frames.T.astype("float32"), origin="lower", aspect="auto", cmap="Greys", extent=(0, seconds, 0, 1)
            )
            for word in record["words"]:
                middle = (word["start"] + word["end"]) / 2
                axes.axvspan(word["start"], word["end"], alpha=0.1 + 0.2 * word["confidence"], color="C0")
                axes.text(middle, 1.02, word["word"].replace("$", r"\$"), ha="center", va="bottom")
            axes.set(xlabel="seconds", yticks=[], xlim=(0, seconds))
            axes.set_title(path.name.replace("$", r"\$"), pad=16)
            written.append(folder / f"transcript-{number}.png")
            figure.savefig(written[-1], dpi=150)
    return written
