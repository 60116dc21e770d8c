"""Files and tables of predictions."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attnframe.errors import ConfigurationError, Fault
from attnframe.runs.atomic import write_text

ENDINGS = (".jsonl", ".csv")


def check_output(path: Path) -> Path:
    """The path, if its ending says how to write it and its folder is there.

    Raises:
        ConfigurationError: when not; before anything is computed.
    """
    found = []
    if path.suffix not in ENDINGS:
        found.append(Fault(f"output ({path})", "must end in .jsonl or .csv", repr(path.suffix)))
    if not path.parent.is_dir():
        found.append(Fault(f"output ({path})", "must lie in a folder that exists", f"no folder {path.parent}"))
    if found:
        raise ConfigurationError(found)
    return path


def write_records(records: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write records atomically, as JSON lines or CSV by the ending; nested fields become columns like
    ``probabilities.cat`` in CSV."""
    if path.suffix == ".jsonl":
        write_text(path, "".join(json.dumps(dict(record), ensure_ascii=False) + "\n" for record in records))
        return
    flat = [flatten(record) for record in records]
    columns = list(dict.fromkeys(name for record in flat for name in record))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(flat)
    write_text(path, text.getvalue())


def flatten(record: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A record without nesting: mappings become dotted names, lists JSON."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = (
                json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple) else value
            )
    return flat


def records_table(records: Sequence[Mapping[str, Any]], width: int = 120, most: int = 40) -> str:
    """Records as an aligned table for a terminal: one line each, probabilities as the three largest.

    Args:
        records: the records.
        width: longest line in characters.
        most: records shown; the rest is counted.
    """
    rows = [{name: _cell(value) for name, value in record.items()} for record in records[:most]]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [columns, *([row.get(name, "") for name in columns] for row in rows)]
    widths = [max(len(line[number]) for line in cells) for number in range(len(columns))]
    lines = [
        "  ".join(cell.ljust(size) for cell, size in zip(line, widths, strict=True)).rstrip()[:width] for line in cells
    ]
    if len(records) > most:
        lines.append(f"and {len(records) - most} more; output=FILE.jsonl or FILE.csv keeps them all")
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, Mapping):
        numbers = all(isinstance(inner, int | float) for inner in value.values())
        chosen = sorted(value.items(), key=lambda item: -item[1])[:3] if numbers else list(value.items())[:3]
        return ", ".join(f"{name} {_cell(inner)}" for name, inner in chosen)
    return " ".join(str(value).split()) if not isinstance(value, str) else value.replace("\n", "\\n")
