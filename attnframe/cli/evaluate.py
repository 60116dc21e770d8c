"""`attnframe evaluate`: test metrics of a checkpoint."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attnframe.cli.arguments import required, split_arguments, take
from attnframe.cli.screen import table
from attnframe.errors import ConfigurationError


def run(argv: Sequence[str]) -> int:
    """Run the command; see `attnframe evaluate --help`. Returns the exit code."""
    from attnframe.config.literal import user_path

    taken, others = take(split_arguments(argv).overrides, ["ckpt", "output"])
    missing = required(taken, {"ckpt": "RUN/checkpoints/best.ckpt"})
    if missing:
        raise ConfigurationError(missing)
    checkpoint = user_path(taken["ckpt"])
    changes = read_changes(checkpoint, others)

    from attnframe.evaluation.evaluate import evaluate

    result = evaluate(checkpoint, changes)
    named = " ".join(f"{key}={result[key]}" for key in ("plugin", "task", "attention", "data"))
    print(f"{named}: {result['examples']} examples, {result['seconds']} seconds")
    print(table(["metric", "value"], [[name, f"{value:.4f}"] for name, value in result["metrics"].items()]))
    if taken.get("output"):
        user_path(taken["output"]).write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def read_changes(checkpoint: Path, overrides: Sequence[str]) -> dict[str, Any]:
    """What overrides change of a checkpoint's configuration, as nested values.

    Args:
        checkpoint: its task tells how a dataset of another name is composed; opened only then.
        overrides: as typed.

    Raises:
        ConfigurationError: when an override cannot be read, or the data that it names does not fit the task.
    """
    from attnframe.config.check import compose
    from attnframe.config.literal import user_path
    from attnframe.config.typed import read_typed

    typed = read_typed(overrides, sweep=False)
    if typed.faults:
        raise ConfigurationError(typed.faults)
    values: dict[str, Any] = {}
    for override in typed.own:
        node, dot, field = override.key_or_group.partition(".")
        if dot and isinstance(values.setdefault(node, {}), dict):
            values[node][field] = override.value()
        elif not dot:
            values[node] = override.value()
    if isinstance(values.get("trainer"), str):
        values["trainer"] = {"name": values["trainer"], **_fields(typed.own, "trainer")}
    if isinstance(values.get("data"), str):
        from attnframe.training.checkpoint import load_checkpoint

        task = load_checkpoint(checkpoint).plan.task.name
        data = [override for override in overrides if override.startswith(("data=", "data."))]
        values["data"] = compose([f"task={task}", *data])["data"]
    elif isinstance(values.get("data"), Mapping) and isinstance(values["data"].get("path"), str):
        values["data"]["path"] = str(user_path(values["data"]["path"]))
    given = values.get("data_dir", os.environ.get("ATTNFRAME_DATA_DIR"))  # the folder of the training may be elsewhere
    if isinstance(given, str):
        values["data_dir"] = str(user_path(given))
    return values


def _fields(overrides: Sequence[Any], node: str) -> dict[str, Any]:
    return {o.key_or_group.partition(".")[2]: o.value() for o in overrides if o.key_or_group.startswith(f"{node}.")}
