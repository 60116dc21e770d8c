"""The points of a sweep: expansion, and what each needs beside what was typed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override

from attnframe.plugin.contract import DEFAULT_MODEL
from attnframe.plugin.index import PLUGIN_GROUPS, index

RECIPES = {"model": "recipe/model@model", "data": "recipe/data@data"}
"""The hidden groups of recipe defaults that task, model and data choose."""


def parse(overrides: Sequence[str]) -> list[Override]:
    """Overrides in Hydra's grammar, parsed."""
    return list(OverridesParser.create().parse_overrides(list(overrides)))


def expand(overrides: Sequence[str]) -> list[list[str]]:
    """The points of a sweep: the product of all swept values, the last override varying fastest.

    Args:
        overrides: in Hydra's grammar; a single point when none of them sweeps.
    """
    return [list(point) for point in itertools.product(*(values_of(override) for override in parse(overrides)))]


def values_of(override: Override) -> list[str]:
    """``KEY=VALUE`` for each value that an override takes."""
    key = override.get_key_element()
    if not override.is_sweep_override():
        return [f"{key}={override.get_value_element_as_str()}"]
    return [f"{key}={value}" for value in override.sweep_string_iterator()]


def chosen(point: Sequence[str], groups: Sequence[str] = PLUGIN_GROUPS) -> dict[str, str]:
    """Option by group, for the groups among `groups` that a point names."""
    parsed = {override.key_or_group: override.value() for override in parse(point)}
    return {group: str(parsed[group]) for group in groups if parsed.get(group) is not None}


def model_of(point: Sequence[str]) -> tuple[str, str]:
    """Task and model that a settled point comes to."""
    prefix = f"{RECIPES['model']}="
    task, _, model = next(o for o in point if o.startswith(prefix)).removeprefix(prefix).partition("-")
    return task, model


def with_model(point: Sequence[str], model: str) -> list[str]:
    """A settled point with another model, less its overrides of fields of the model."""
    left_out = ("model=", "model.", f"{RECIPES['model']}=")
    others = [override for override in point if not override.startswith(left_out)]
    return [*others, f"model={model}", f"{RECIPES['model']}={model_of(point)[0]}-{model}"]


def settle(point: Sequence[str], extra: Sequence[Path] = ()) -> list[str]:
    """A point with the plugin, task, data and recipe defaults that it implies; the typed overrides come first.

    Args:
        point: overrides in Hydra's grammar without sweeps.
        extra: further folders of options.

    Raises:
        ConfigurationError: see `Index.settle`.
    """
    given = chosen(point)
    settled = index(extra).settle(given)
    task, data = settled["task"], settled["data"]
    named = chosen(point, ["model"])
    model = index(extra).model({**given, **settled, **named})
    if not named and model != DEFAULT_MODEL:
        settled["model"] = model  # Hydra itself takes no override of what stands below the file that overrides it.
    implied = [f"{group}={option}" for group, option in settled.items() if group not in given]
    recipes = [f"{RECIPES['model']}={task}-{model}", f"{RECIPES['data']}={task}-{data}"]
    return [*(override for override in point if not override.startswith("recipe/")), *implied, *recipes]
