"""Contact sheets: predictions drawn below their pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

CELL, MARGIN, CAPTION = 112, 8, 30
"""Pixels: side of a picture on the sheet, space around it, height of its two lines of text."""
COLUMNS, ROWS = 8, 8
"""Cells on a sheet."""


def save_sheet(records: list[dict[str, Any]], folder: Path) -> list[Path]:
    """Draw the pictures of prediction records with label and probability, at most 64 on a sheet.

    Args:
        records: with ``input`` (path of a picture), ``label`` and ``probability``.
        folder: where ``predictions-1.png``, … are written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    font = ImageFont.load_default(12)
    written = []
    for number, first in enumerate(range(0, len(records), COLUMNS * ROWS), start=1):
        shown = records[first : first + COLUMNS * ROWS]
        columns = min(COLUMNS, len(shown))
        rows = -(-len(shown) // columns)
        sheet = Image.new(
            "RGB", (columns * (CELL + MARGIN) + MARGIN, rows * (CELL + CAPTION + MARGIN) + MARGIN), "white"
        )
        draw = ImageDraw.Draw(sheet)
        for place, record in enumerate(shown):
            x = MARGIN + place % columns * (CELL + MARGIN)
            y = MARGIN + place // columns * (CELL + CAPTION + MARGIN)
            sheet.paste(_cell(record["input"]), (x, y))
            draw.text(
                (x, y + CELL),
                f"{_shortened(record['label'], font)}\n{record['probability']:.1%}",
                fill="black",
                font=font,
                spacing=2,
            )
        path = folder / f"predictions-{number}.png"
        sheet.save(path)
        written.append(path)
    return written


def _cell(path: str) -> Image.Image:
    with Image.open(path) as picture:
        small = ImageOps.exif_transpose(picture).convert("RGBA")
    nearest = max(small.size) < CELL  # pixels of tiny pictures stay visible
    small = ImageOps.contain(small, (CELL, CELL), Image.Resampling.NEAREST if nearest else Image.Resampling.BICUBIC)
    cell = Image.new("RGBA", (CELL, CELL), "#dddddd")
    cell.alpha_composite(small, ((CELL - small.width) // 2, (CELL - small.height) // 2))
    return cell.convert("RGB")


def _shortened(label: str, font: Any) -> str:
    """A label cut to the width of a cell."""
    shown = label
    while shown and font.getlength(shown) > CELL:
        shown = shown[:-1]
    return shown if shown == label else shown[:-1] + "…"
