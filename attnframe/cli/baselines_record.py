"""`attnframe baselines record ROW`: trains a registered baseline and writes its record beside its definition."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

from attnframe.cli.arguments import take
from attnframe.cli.job import DONE, INTERRUPTED
from attnframe.errors import ConfigurationError, Fault
from attnframe.runs.folder import new_folder


def record_row(words: Sequence[str]) -> int:
    """Record one row, or its control."""
    from attnframe.baselines.record import record
    from attnframe.baselines.registry import baseline, record_file
    from attnframe.config.literal import user_path
    from attnframe.runs.atomic import write_text

    taken, names = take(words, ["control", "add", "output"])
    faults = []
    if len(names) != 1:
        works = "attnframe baselines list shows the rows."
        faults.append(Fault("baselines record", "must be followed by one row", " ".join(names), works))
    for key in ("control", "add"):
        if taken.get(key, "false") not in ("true", "false"):
            faults.append(Fault(key, "must be true or false", repr(taken[key])))
    if faults:
        raise ConfigurationError(faults)
    row, control = baseline(names[0]), taken.get("control") == "true"
    file = record_file(row.name, control)
    definition = row.definition.without_attention if control else row.definition
    known = None
    if taken.get("add") == "true":
        if not file.exists():
            raise ConfigurationError(Fault("add", "must add to a record", f"none at {file}", "Leave add=true out."))
        known = json.loads(file.read_text(encoding="utf-8"))
    if not os.access(next(parent for parent in file.parents if parent.exists()), os.W_OK):
        works = "Rerun a row of an installed package with attnframe baselines verify."
        raise ConfigurationError(Fault("baselines record", "must be able to write its record", str(file), works))
    folder = user_path(taken["output"]) if taken.get("output") else new_folder(f"record-{row.name}").absolute()
    try:
        found = record(definition, folder, known)
    except KeyboardInterrupt:
        again = [word for word in words if not word.startswith("output=")]
        print(f"Interrupted. Go on with: attnframe baselines record {' '.join(again)} output={folder}", file=sys.stderr)
        return INTERRUPTED
    write_text(file, json.dumps(found, indent=1) + "\n")
    spread = "" if found["deviation"] is None else f" ± {found['deviation']:.4f}"
    goal = "" if found["bar"] is None else f" (goal {found['bar']:g}, {'reached' if found['reached'] else 'missed'})"
    print(f"{row.name}: {found['metric']} {found['mean']:.4f}{spread} of {len(found['runs'])} runs{goal}\n{file}")
    return DONE
