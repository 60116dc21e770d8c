"""The table of a suite as a Markdown page. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attnframe.baselines.overview import MEANING, OVERVIEW, overview_rows, tally
from attnframe.baselines.tables import HEAD, SCORE, cell_rows, heading, introduction, pattern_rows, refused_rows


def as_markdown(summary: Mapping[str, Any]) -> str:
    """The whole table as a Markdown page."""
    parts = [f"# Baselines: {summary['suite']}", f"`{summary['command']}`", introduction(summary)]
    rows = overview_rows(summary)
    if rows:
        parts += ["## Overview", f"{tally(summary)} {MEANING}", _table(OVERVIEW, rows)]
    header, rows = pattern_rows(summary)
    if rows:
        parts += ["## Patterns", SCORE, _table(header, rows)]
    for cell in summary["cells"]:
        parts += [f"## {cell['name']}", f"{heading(cell)}."]
        if cell["protocol"]:
            parts.append(f"Protocol: {cell['protocol']}.")
        parts.append(_table(HEAD, cell_rows(cell)))
    refused = refused_rows(summary)
    if refused:
        parts += ["## Refused", _table(("attention", "cells", "reason"), refused)]
    return "\n\n".join(parts) + "\n"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in [header, *rows]]
    lines.insert(1, ["---"] * len(header))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
