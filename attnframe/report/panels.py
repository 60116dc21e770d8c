"""Panels of a run, drawn within the room that a page has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attnframe.pictures import draw, gallery, remark
from attnframe.pictures.panel import PICTURES

WORDY = ("table", "tokens", "preformatted", "paragraph", "remark")
"""Pictures that take the whole width; the others stand beside one another."""


def drawn_panels(panels: Iterable[Mapping[str, Any]], room: int) -> list[str]:
    """The drawings of panels, in their order: runs of small ones beside one another, wordy ones by themselves.

    Args:
        panels: what `Panel.plain` gave. room: most bytes of them all; what has no room is counted in a remark.
    """
    parts: list[str] = []
    beside: list[str] = []
    left_out = 0
    for panel in panels:
        drawing = _drawn(panel)
        if len(drawing) > room:
            left_out += 1
            continue
        room -= len(drawing.encode())
        if panel.get("picture") in WORDY or panel.get("picture") not in PICTURES:
            parts += [gallery(beside), drawing]
            beside = []
        else:
            beside.append(drawing)
    parts.append(gallery(beside))
    if left_out:
        parts.append(remark(f"{left_out} drawings are left out: the page would be too large."))
    return [part for part in parts if part]


def _drawn(panel: Mapping[str, Any]) -> str:
    try:
        return draw(panel)
    except Exception as error:  # one bad panel is worth no report
        return remark(f"A {panel.get('picture')} cannot be drawn: {type(error).__name__}: {error}")
