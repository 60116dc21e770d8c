"""The first pass of validation: names of keys and options, with the near miss."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from hydra.core.override_parser.types import Override

from attnframe.config.schema import GROUPS, OPTIONAL_GROUPS, Schema
from attnframe.errors import Fault, did_you_mean
from attnframe.recipe import field_faults, hints

CUTOFF = 0.6
"""How alike two names must be (difflib's ratio, 0 to 1) for one to be suggested for the other."""
MARGIN = 0.1
"""How much less alike than the best suggestion another one may be."""


def name_faults(override: Override, schema: Schema) -> Iterator[Fault]:
    """What is wrong with the names in one override.

    Args:
        override: parsed; may sweep.
        schema: the known names. Where no task is selected yet, the fields of model and data are not known and pass.
    """
    key = override.key_or_group
    if key in GROUPS:
        yield from _option_faults(override, schema)
    elif key not in schema.paths() and not _is_open(key, schema):
        yield Fault(key, "is not a known key", "", _key_advice(key, schema))


def value_faults(overrides: Iterable[Override], schema: Schema) -> Iterator[Fault]:
    """Values that no option could take: all that can be said of fields while plugin or task is wrong.

    Args:
        overrides: with right names.
        schema: the known fields.
    """
    for override in overrides:
        node, dot, field = override.key_or_group.partition(".")
        owners = [recipe for recipe in schema.recipes.get(node, {}).values() if field in hints(recipe)] if dot else []
        for value in options_of(override) if owners else ():
            given = {field: tuple(value) if isinstance(value, list) else value}
            found = [field_faults(recipe, given) for recipe in owners]
            if all(found):
                yield from found[0]


def options_of(override: Override) -> list[object]:
    """The values that an override gives, one for each point."""
    values = override.sweep_iterator() if override.is_sweep_override() else [override.value()]
    return [getattr(value, "text", value) for value in values]


def _option_faults(override: Override, schema: Schema) -> Iterator[Fault]:
    group = override.key_or_group
    if group == "model":  # its options are those of the task: checked where each point has settled its own
        return
    known = schema.options(group)
    for option in options_of(override):
        if option is None and group in OPTIONAL_GROUPS:
            continue
        name = str(option)
        if name not in known:
            yield Fault(
                f"{group}={'null' if option is None else name}", "is not an option", "", did_you_mean(name, known)
            )


def _is_open(key: str, schema: Schema) -> bool:
    node, dot, _ = key.partition(".")
    return bool(dot) and node in schema.recipes and not schema.recipes[node]


def _key_advice(key: str, schema: Schema) -> str:
    paths = [*schema.paths(), *GROUPS]
    node, _, leaf = key.rpartition(".")
    if leaf in ("name", "file") and node in GROUPS:
        return f"Choose with {node}=OPTION: {', '.join(schema.options(node))}."
    near = _near(key, paths)
    in_node = schema.fields(node) if node in schema.recipes else []
    advice = [f"Did you mean {' or '.join(near)}?"] if near else []
    if in_node:
        advice.append(f"Fields of {node}: {', '.join(in_node)}.")
    elif not near:
        advice.append(
            f"Known: {', '.join(sorted({*GROUPS, *(p for p in paths if '.' not in p)}))}, and fields like model.dim."
        )
    return " ".join(advice)


def _near(key: str, paths: Sequence[str]) -> list[str]:
    """The paths most like a key, as wholes or by their last names; those far behind the best are left out."""
    scores = {path: max(_likeness(key, path), _likeness(_leaf(key), _leaf(path))) for path in paths}
    best = max(scores.values())
    enough = [path for path in paths if scores[path] >= max(CUTOFF, best - MARGIN)]
    return sorted(enough, key=lambda path: -scores[path])[:3]


def _likeness(first: str, second: str) -> float:
    return difflib.SequenceMatcher(None, first, second).ratio()


def _leaf(path: str) -> str:
    return path.rpartition(".")[2]
