"""Text whose words are shaded by what they weigh."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attnframe.pictures.colours import colour_of, hex_colour, ink_on
from attnframe.pictures.markup import element, escape, short_number


def tokens(words: Sequence[str], weights: Sequence[float], title: str = "", *, joined: bool = False) -> str:
    """Words in reading order, as dark as their weights are large, brown for those below 0; a pointer at one shows its
    weight.

    Args:
        words: the words or pieces. weights: as many numbers; the largest size is darkest.
        title: what it shows; no caption when empty.
        joined: whether pieces follow one another without a gap, as characters do.
    """
    numbers = np.asarray(list(weights), dtype=np.float64)
    finite = np.abs(numbers[np.isfinite(numbers)])
    largest = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    colours = colour_of(numbers / largest * 0.8)  # the darkest of all would hide small print
    gap = "" if joined else " "
    shaded = gap.join(
        element(
            "span",
            escape(word.replace("\n", "⏎") or "∅"),
            title=f"{word}: {short_number(float(weight))}",
            style=f"background:{hex_colour(colour)};color:{ink_on(colour)};border-radius:2px;padding:1px "
            f"{0 if joined else 3}px;white-space:break-spaces;"
            "print-color-adjust:exact;-webkit-print-color-adjust:exact",
        )
        for word, weight, colour in zip(words, numbers, colours, strict=True)
    )
    text = element("p", shaded or " ", class_="tokens", style="line-height:1.9;overflow-wrap:anywhere;margin:0")
    return element("figure", element("figcaption", escape(title)), text) if title else text
