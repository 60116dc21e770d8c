"""Where the benchmarks keep their records, and what every record says of where it was made."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attnframe.runs.environment import commit, hardware

RESULTS = Path(__file__).parent / "results"


def write(name: str, content: Mapping[str, Any]) -> Path:
    """Write benchmarks/results/NAME.json with the commit, the date and the hardware of now; gives the file."""
    made = {
        "commit": commit(),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "hardware": hardware(),
    }
    file = RESULTS / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({**content, **made}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file
