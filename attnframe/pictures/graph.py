"""Nodes and edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from attnframe.pictures.colours import INK, colour_of, hex_colour, ink_on
from attnframe.pictures.figure import SIZE, WIDTH, figure, shorten, text, text_width
from attnframe.pictures.markup import element, escape, short_number

_MARGIN, _TALL = 26.0, 320.0


def graph(
    positions: ArrayLike,
    edges: Sequence[tuple[int, int]],
    weights: Sequence[float],
    labels: Sequence[str],
    title: str,
    *,
    nodes: Sequence[float] | None = None,
) -> str:
    """A graph whose edges are as thick and dark as their weights are large; a pointer at one shows its weight.

    Args:
        positions: (N, 2) places of the nodes in any unit; stretched over the drawing.
        edges: pairs of node numbers. weights: as many numbers of at least 0.
        labels: N texts. title: what it shows.
        nodes: N numbers of at least 0 that shade the nodes; None for white ones.
    """
    places = np.asarray(positions, dtype=np.float64).reshape(-1, 2)
    low = places.min(axis=0) if len(places) else np.zeros(2)
    spread = places.max(axis=0) - low if len(places) else np.ones(2)
    room = np.array([WIDTH, _TALL]) - 2 * _MARGIN
    placed = _MARGIN + np.where(spread > 0, (places - low) / np.where(spread > 0, spread, 1), 0.5) * room
    largest = max((float(weight) for weight in weights), default=0.0) or 1.0
    parts = []
    for (source, target), weight in sorted(zip(edges, weights, strict=True), key=lambda pair: pair[1]):
        share = max(0.0, float(weight)) / largest
        (x1, y1), (x2, y2) = placed[source], placed[target]
        named = element("title", escape(f"{labels[source]} – {labels[target]}: {short_number(float(weight))}"))
        stroke = hex_colour(colour_of(0.25 + 0.6 * share))
        ends = {"x1": float(x1), "y1": float(y1), "x2": float(x2), "y2": float(y2)}
        parts.append(element("line", named, **ends, stroke=stroke, stroke_width=0.7 + 4.3 * share))
    shades = np.zeros(len(places)) if nodes is None else np.asarray(nodes, dtype=np.float64)
    darkest = max(float(shades.max()), 0.0) if len(shades) else 0.0
    few = len(places) <= 40
    for number, (x, y) in enumerate(placed):
        colour = colour_of(shades[number] / (darkest or 1.0))
        shown = shorten(labels[number], 40, SIZE - 1) if few else ""
        radius = max(9.0, text_width(shown, SIZE - 1) / 2 + 2) if few else 4.0
        drawn = element(
            "ellipse", cx=float(x), cy=float(y), rx=radius, ry=9.0 if few else 4.0, fill=hex_colour(colour), stroke=INK
        )
        name = text(float(x), float(y), shown, "middle", font_size=SIZE - 1, fill=ink_on(colour)) if shown else ""
        parts.append(element("g", element("title", escape(labels[number])), drawn, name))
    return figure(title, "".join(parts), _TALL)
