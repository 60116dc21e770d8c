"""From what Hydra composed to resolved values: foreign fields dropped, paths made absolute. Torch-free."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from attnframe.config.literal import user_path
from attnframe.config.schema import Schema
from attnframe.errors import Fault
from attnframe.plan_from import NODES, data_folder
from attnframe.recipe import hints

NOT_A_FIELD = "is not a field of "
"""How the fault of a foreign field begins; the option follows."""


@dataclass(frozen=True)
class Trimmed:
    """Resolved values of one point.

    Args:
        values: plain values; each node has exactly the fields of its chosen recipe, and its name.
        foreign: fields that the command line set and the chosen options do not have.
        faults: fields that no option has; they stand in an option file.
    """

    values: dict[str, Any]
    foreign: tuple[Fault, ...]
    faults: tuple[Fault, ...]


def trim(composed: Mapping[str, Any], schema: Schema, set_by_hand: Set[str]) -> Trimmed:
    """Drop from composed values what the chosen options do not have.

    Args:
        composed: plain values as Hydra composed them.
        schema: what may be configured.
        set_by_hand: full keys that the command line set.
    """
    values = {"plugin": composed["plugin"], "task": composed["task"]}
    foreign: list[Fault] = []
    faults: list[Fault] = []
    for node in NODES:
        fields = hints(schema.recipe(composed, node))
        kept = {}
        for field, value in composed[node].items():
            key = f"{node}.{field}"
            if field in fields or (field in ("name", "file") and value is not None):
                if value != "???":
                    kept[field] = value
            elif value is None or field == "file":
                continue
            elif not schema.owners(node, field, composed["task"]):
                works = f"Fields: {', '.join(schema.fields(node))}."
                faults.append(Fault(key, f"stands in an option file, but no option of {node} has it", "", works))
            elif key in set_by_hand:
                foreign.append(_foreign(key, value, composed, schema))
        values[node] = kept
    values |= {key: value for key, value in composed.items() if key not in values}
    if isinstance(values["logger"], str):
        values["logger"] = [values["logger"]]
    if isinstance(values["data"].get("path"), str):
        values["data"]["path"] = str(user_path(values["data"]["path"]))
    if isinstance(values["ckpt"], str):
        values["ckpt"] = str(user_path(values["ckpt"]))
    given = values["data_dir"]
    values["data_dir"] = str(data_folder(str(user_path(given)) if isinstance(given, str) else None))
    return Trimmed(values, tuple(foreign), tuple(faults))


def _foreign(key: str, value: Any, composed: Mapping[str, Any], schema: Schema) -> Fault:
    node, _, field = key.partition(".")
    option = f"{node}={composed[node]['name']}" + (f" of task={composed['task']}" if node == "model" else "")
    works = f"Leave it out, or choose {' or '.join(schema.owners(node, field, composed['task'])[:3])}."
    return Fault(key, f"{NOT_A_FIELD}{option}", repr(value), works)
