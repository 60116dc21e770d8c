"""Writes the tables of a suite into its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attnframe.baselines.markdown import as_markdown
from attnframe.baselines.page import as_html
from attnframe.baselines.tables import as_csv
from attnframe.runs.atomic import write_text


def write_tables(summary: Mapping[str, Any], folder: Path) -> None:
    """Write ``record.json`` with everything, and the table as CSV, Markdown and HTML."""
    write_text(folder / "record.json", json.dumps(summary, indent=1, ensure_ascii=False) + "\n")
    write_text(folder / "baselines.csv", as_csv(summary))
    write_text(folder / "baselines.md", as_markdown(summary))
    write_text(folder / "baselines.html", as_html(summary))
