"""The frame that every drawing stands in, and the width of its texts."""

from __future__ import annotations

import unicodedata

from attnframe.pictures.colours import INK
from attnframe.pictures.markup import element, escape

WIDTH = 360
"""Units across a drawing: about the pixels of a phone, so that its texts stay readable there."""
SIZE = 11
"""Height of texts, in units."""


def figure(title: str, drawing: str, height: float, described: str = "") -> str:
    """A drawing with its title above, as wide as its place and at most a quarter wider than drawn.

    Args:
        title: what it shows, in words.
        drawing: SVG elements within `WIDTH` units.
        height: in units.
        described: what a screen reader says; the title when empty.
    """
    svg = element(
        "svg",
        element("title", escape(described or title)),
        drawing,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height:.0f}",
        role="img",
        style=f"display:block;width:100%;max-width:{WIDTH * 5 // 4}px;height:auto",
        font_family="system-ui, sans-serif",
        font_size=SIZE,
        fill=INK,
    )
    return element("figure", element("figcaption", escape(title)), svg) if title else element("figure", svg)


def text(x: float, y: float, words: str, anchor: str = "start", **attributes: object) -> str:
    """A line of text; `y` is the middle of it.

    Args:
        x: where it is anchored. y: its middle. words: what it says. anchor: start, middle or end.
        attributes: further ones of the element.
    """
    return element("text", escape(words), x=float(x), y=y + SIZE * 0.35, text_anchor=anchor, **attributes)


def text_width(words: str, size: float = SIZE) -> float:
    """About how wide a text is: fonts differ, so a little more than most take."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in words)
    marks = sum(unicodedata.combining(letter) > 0 for letter in words)
    return size * (0.6 * (len(words) - wide - marks) + 1.05 * wide)


def shorten(words: str, width: float, size: float = SIZE) -> str:
    """A text cut off with an ellipsis to be at most about so wide; line breaks show as one sign."""
    line = words.replace("\n", "⏎").replace("\t", "⇥")
    if text_width(line, size) <= width:
        return line
    while line and text_width(line, size) + size * 0.6 > width:
        line = line[:-1]
    return line + "…"


def thinned(count: int, room: float, each: float) -> list[int]:
    """Which of `count` labels to write when they have `room` units together and each needs `each`: every one, every
    second, fifth, tenth …"""
    steps = (step * 10**scale for scale in range(9) for step in (1, 2, 5))
    return list(range(0, count, next((step for step in steps if count * each <= room * step), max(count, 1))))
