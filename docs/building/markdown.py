"""Docstrings and recipes as Markdown."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping

from attnframe.cli.listing import in_words
from attnframe.recipe import Recipe, defaults, describe, documented

FIELD_COLUMNS = ["field", "default", "must be", "meaning"]


def fields(recipe: type[Recipe], chosen_hints: Mapping[str, object]) -> str:
    """The table of some fields of a recipe."""
    return table(FIELD_COLUMNS, field_rows(recipe, chosen_hints))


def field_rows(recipe: type[Recipe], chosen_hints: Mapping[str, object]) -> list[list[str]]:
    """The rows of the table of some fields of a recipe."""
    told, given = documented(recipe), defaults(recipe)
    return [
        [f"`{recipe.key(name)}`", in_words(given[name]), describe(hint), told.get(name, "")]
        for name, hint in chosen_hints.items()
    ]


def paragraphs(cls: type) -> list[str]:
    """The paragraphs of a docstring before its arguments."""
    text = re.split(r"^(?:Args|Shapes|Raises|Attributes):", inspect.cleandoc(cls.__doc__ or ""), flags=re.MULTILINE)[0]
    return [part for part in text.strip().split("\n\n") if not part.startswith(".. math")]


def is_formula(part: str) -> bool:
    """Whether a paragraph is one: an equation that ends without a full stop."""
    return re.match(r"[\w|<(\[][^.]*? (=|->) ", part) is not None and not part.endswith(".")


def formulas(cls: type) -> str:
    """The formulas of a docstring, for a cell."""
    return "<br>".join(f"`{' '.join(part.split())}`" for part in paragraphs(cls) if is_formula(part))


def table(header: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in line) + " |" for line in lines
    )
