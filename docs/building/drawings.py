"""The drawings of attention.md, of the very numbers that the page's code computes."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from attnframe.pictures import Line, heatmap, lines

PAGE = Path(__file__).parents[1] / "attention.md"
CODE = re.compile(r"^```python\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def drawings() -> dict[str, Callable[[], str]]:
    """What each file of docs/pictures holds, by its path; the page's code runs when the first is asked for."""
    found: dict[str, Callable[[], str]] = {
        "scores": lambda: heatmap(computed()["fit"], computed()["words"], computed()["words"], ""),
        "weights": lambda: numbers("weights", computed()["words"], computed()["words"]),
        "read": lambda: numbers("read", computed()["words"], computed()["features"]),
        "division": lambda: lines(
            [Line(name, computed()["widths"], numbers) for name, numbers in computed()["largest"].items()],
            "",
            "width E",
            "largest weight",
        ),
        "normalisers": lambda: numbers(
            "shares", [*computed()["normalised"]], [f"{score:g}" for score in computed()["row"][0].tolist()]
        ),
        "alibi": lambda: lines(
            [Line(f"head {head + 1}", range(64), row) for head, row in enumerate(computed()["alibi"].tolist())],
            "",
            "distance",
            "bias",
        ),
        "rotary": lambda: lines(
            [Line("score", range(64), computed()["distance_score"].tolist())], "", "distance", "score"
        ),
    }
    for number in range(6):
        found[f"mask_{number}"] = lambda number=number: pattern([*computed()["visible"].items()][number])
    for number in range(4):
        found[f"head_{number}"] = lambda number=number: pattern(
            (f"head {number + 1}", computed()["by_head"][""][0, number])
        )
    for number in range(5):
        found[f"variant_{number}"] = lambda number=number: pattern([*computed()["causal_weights"].items()][number])
    return {f"docs/pictures/{name}.svg": lambda draw=draw: svg(draw()) for name, draw in found.items()}


def numbers(name: str, rows: list[str], columns: list[str]) -> str:
    """A matrix with its numbers to two places."""
    matrix = computed()[name]
    return heatmap(matrix, rows, columns, "", shown=[[f"{cell:.2f}" for cell in row] for row in matrix.tolist()])


def pattern(named: tuple[str, Any]) -> str:
    """A matrix of queries and keys under its name."""
    name, matrix = named
    blank = [[""] * matrix.shape[1]] * matrix.shape[0]
    label = f"keys, {name}"
    return heatmap(matrix, [], [], "", row_label="queries", column_label=label, limits=(0, 1), shown=blank)


def svg(figure: str) -> str:
    """The drawing of a figure as a file of its own."""
    start, end = figure.index("<svg"), figure.index("</svg>") + len("</svg>")
    return figure[start:end] + "\n"


@cache
def computed() -> dict[str, Any]:
    """The names that the page's code defines."""
    names: dict[str, Any] = {}
    with redirect_stdout(StringIO()):
        exec("\n".join(CODE.findall(PAGE.read_text(encoding="utf-8"))), names)
    return names
