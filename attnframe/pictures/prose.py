"""Words around drawings: paragraphs, remarks, programs' text, and what is folded away."""

from __future__ import annotations

from collections.abc import Sequence

from attnframe.pictures.markup import element, escape


def paragraph(text: str) -> str:
    """A paragraph."""
    return element("p", escape(text))


def remark(text: str) -> str:
    """A paragraph beside the matter, such as why something is not shown."""
    return element("p", escape(text), class_="remark")


def preformatted(text: str, title: str = "") -> str:
    """Text whose line breaks and spaces count, such as a configuration or generated text; wrapped where it is too long.

    Args:
        text: as it is. title: what it is; none when empty.
    """
    caption = element("figcaption", escape(title)) if title else ""
    return element("figure", caption, element("pre", escape(text) or " "), class_="text")


def details(summary: str, parts: Sequence[str]) -> str:
    """Markup that is folded away under a line, and opened by it."""
    return element("details", element("summary", escape(summary)), *parts)


def gallery(drawings: Sequence[str]) -> str:
    """Drawings beside one another as far as there is room."""
    return element("div", *drawings, class_="gallery") if drawings else ""
