"""Rows and columns of text and numbers."""

from __future__ import annotations

from collections.abc import Sequence

from attnframe.pictures.markup import element, escape

Cell = str | int | float | None
"""Text as it is; a whole number with thousands apart, another one in four figures or decimals; None is a dash."""


def table(columns: Sequence[str], rows: Sequence[Sequence[Cell]], title: str = "") -> str:
    """A table that is scrolled by itself when it is wider than the page; columns of numbers stand to the right.

    Args:
        columns: their heads. rows: as many cells each; the first names the row.
        title: what it shows; no caption when empty.
    """
    right = [bool(rows) and all(_is_number(row[column]) for row in rows) for column in range(len(columns))]
    sides = ["right" if one else "wide" if _is_long(column, rows) else None for column, one in enumerate(right)]
    head = "".join(
        element("th", escape(name) or " ", scope="col", class_=side) for name, side in zip(columns, sides, strict=True)
    )
    body = "".join(
        element(
            "tr",
            *(
                element(
                    "th" if number == 0 else "td",
                    escape(cell_text(cell)) or " ",
                    class_=side,
                    scope="row" if number == 0 else None,
                )
                for number, (cell, side) in enumerate(zip(row, sides, strict=True))
            ),
        )
        for row in rows
    )
    caption = element("caption", escape(title)) if title else ""
    whole = element("table", caption, element("thead", element("tr", head or " ")), element("tbody", body or " "))
    return element("div", whole, class_="scroll", role="region", tabindex=0, aria_label=title or "table")


def cell_text(cell: Cell) -> str:
    """What a cell says."""
    if cell is None:
        return "–"
    if isinstance(cell, bool | str):
        return str(cell)
    if isinstance(cell, int):
        return f"{cell:,}"
    return f"{cell:,.1f}" if abs(cell) >= 100 else f"{cell:.4f}" if abs(cell) >= 1e-3 or cell == 0 else f"{cell:.3g}"


def _is_long(column: int, rows: Sequence[Sequence[Cell]]) -> bool:
    return any(isinstance(row[column], str) and len(str(row[column])) > 40 for row in rows)


def _is_number(cell: Cell) -> bool:
    if cell is None or not isinstance(cell, str):
        return not isinstance(cell, bool)
    return not cell or cell in "–-" or cell.lstrip("-−+±").replace(",", "")[:1].isdigit()
