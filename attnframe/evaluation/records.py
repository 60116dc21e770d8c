"""Files of predictions."""

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
