"""Pictures with the boxes that were found drawn in them."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from attnframe_vision.data.adapting import flatten

LEAST_SIDE = 480
"""Pixels of the longer side up to which small pictures are enlarged, so that labels can be read."""
TEXT = 12
"""Pixels of a letter's height, in pictures up to 800 pixels; more in larger ones."""


def save_drawings(records: Sequence[dict[str, Any]], classes: Sequence[str], folder: Path) -> list[Path]:
    """Draw the boxes of prediction records, one colour a class.

    Args:
        records: with ``input`` (path of a picture), ``boxes``, ``labels`` and ``scores``.
        classes: names of all classes, in their order.
        folder: where ``0001-NAME.png``, … are written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    colours = {name: _colour(number, len(classes)) for number, name in enumerate(classes)}
    written = []
    for number, record in enumerate(records, start=1):
        path = folder / f"{number:04}-{Path(record['input']).stem}.png"
        _drawn(record, colours).save(path)
        written.append(path)
    return written


def _drawn(record: dict[str, Any], colours: dict[str, str]) -> Image.Image:
    with Image.open(record["input"]) as opened:
        picture = flatten(opened, 3)
    enlarged = max(LEAST_SIDE / max(picture.size), 1.0)
    if enlarged > 1:
        picture = picture.resize([round(side * enlarged) for side in picture.size], Image.Resampling.BICUBIC)
    thickness = max(round(max(picture.size) / 400), 1)
    font = ImageFont.load_default(max(TEXT, max(picture.size) * TEXT // 800))
    pen = ImageDraw.Draw(picture)
    found = zip(record["boxes"], record["labels"], record["scores"], strict=True)
    for box, label, score in reversed([*found]):  # the best are drawn last, above the others
        left, top, right, bottom = (edge * enlarged for edge in box)
        colour = colours[label]
        pen.rectangle((left, top, max(right, left), max(bottom, top)), outline=colour, width=thickness)
        text = f"{label} {score:.0%}"
        _, _, wide, tall = pen.textbbox((0, 0), text, font=font)
        x = min(max(left, 0), max(picture.width - wide - 2, 0))
        y = top - tall - 2 if top >= tall + 2 else top
        pen.rectangle((x, y, x + wide + 2, y + tall + 2), fill=colour)
        pen.text((x + 1, y), text, fill="white", font=font)
    return picture


def _colour(number: int, total: int) -> str:
    """One of `total` colours that are far apart, dark enough for white letters."""
    red, green, blue = (round(255 * part) for part in colorsys.hsv_to_rgb(number / max(total, 1), 0.95, 0.75))
    return f"#{red:02x}{green:02x}{blue:02x}"
