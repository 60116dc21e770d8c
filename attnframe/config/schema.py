"""The fields and options that a configuration may name, taken from the recipes. Torch-free.

All options of a group are registered with one schema, the union of the group's fields: a field that an option does not
have is null. So a sweep over variants composes although one of them has fewer fields; `attnframe.config.trim` drops the
foreign ones.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attnframe.errors import ConfigurationError, Fault
from attnframe.plan_from import RunRecipe
from attnframe.plugin.contract import Plugin
from attnframe.plugin.index import PLUGIN_GROUPS, SHARED_GROUPS, Index
from attnframe.recipe import MISSING, Recipe, defaults, hints
from attnframe.recipes.optim import OptimRecipe
from attnframe.recipes.registry import attention_variants, position_schemes, variant_from_file
from attnframe.recipes.trainer import TrainerRecipe

GENERATED_GROUPS = ("attention", "position")
GROUPS = (*GENERATED_GROUPS, *PLUGIN_GROUPS, *SHARED_GROUPS)
"""All groups that an override may choose from."""
OPTIONAL_GROUPS = ("experiment", "model", "debug")
"""Groups of which nothing need be chosen."""
OF_TASKS = ("model", "data")
"""Nodes whose recipes are those of the tasks."""
ANY = "any"


@dataclass(frozen=True)
class Schema:
    """What a configuration may name.

    Args:
        index: the option files.
        recipes: node to option to recipe class. The options of `model` are ``TASK-MODEL``, those of `data` are
            ``TASK-DATASET``, and `optim` and `trainer` have the one option ``default``.
        files: variant name to the file that defines it.
    """

    index: Index
    recipes: Mapping[str, Mapping[str, type[Recipe]]]
    files: Mapping[str, Path]

    def options(self, group: str) -> list[str]:
        """Names that `group=` may be given."""
        own: Iterable[str] = self.files if group == "attention" else ()
        if group == "model":
            own = (_name("model", option) for option in self.recipes["model"])
        return sorted({*option_names(self.index, group), *own})

    def fields(self, node: str) -> list[str]:
        """Names of all fields that some option of a node has, in order of declaration."""
        return list(dict.fromkeys(name for recipe in self.recipes[node].values() for name in hints(recipe)))

    def paths(self) -> list[str]:
        """Full names of all fields that an override may set."""
        return [*hints(RunRecipe), *(f"{node}.{field}" for node in self.recipes for field in self.fields(node))]

    def owners(self, node: str, field: str, task: str) -> list[str]:
        """Overrides that choose an option of a node which has a field; another task where none of `task` has it."""
        options = [option for option, recipe in self.recipes[node].items() if field in hints(recipe)]
        if node not in OF_TASKS:
            return [f"{node}={option}" for option in options]
        own = [f"{node}={_name(node, option)}" for option in options if option.startswith(f"{task}-")]
        return own or list(dict.fromkeys(f"task={option.partition('-')[0]}" for option in options))

    def recipe(self, values: Mapping[str, Any], node: str) -> type[Recipe]:
        """The recipe class that resolved values choose for a node."""
        option = {
            "model": f"{values['task']}-{values['model'].get('name')}",
            "data": f"{values['task']}-{values['data'].get('name')}",
            "optim": "default",
            "trainer": "default",
        }.get(node) or values[node]["name"]
        return self.recipes[node][option]

    def register(self) -> None:
        """Put the generated options into Hydra's ConfigStore; nothing is done where they were the last that were."""
        global _registered
        from hydra.core.config_store import ConfigStore

        if self == _registered:
            return
        _registered = self
        for node, options in self.recipes.items():
            generated = node in GENERATED_GROUPS
            group = node if generated else f"recipe/{node}"
            for option, content in self._contents(node, options):
                ConfigStore.instance().store(group=group, name=option, node=content, package=node, provider="attnframe")
        for name in {_name("model", option) for option in self.recipes["model"]}:
            # The choice itself sets nothing: its fields come with the hidden option, below those of task and data.
            ConfigStore.instance().store(group="model", name=name, node={}, package="model", provider="attnframe")

    def _contents(self, node: str, options: Mapping[str, type[Recipe]]) -> Iterator[tuple[str, dict[str, Any]]]:
        union: dict[str, Any] = dict.fromkeys(self.fields(node))
        if node not in GENERATED_GROUPS:
            yield ANY, union
        for option, recipe in options.items():
            named: dict[str, Any] = {}
            if node in (*GENERATED_GROUPS, *OF_TASKS):
                named["name"] = _name(node, option)
            if node == "attention":
                named["file"] = str(self.files[option]) if option in self.files else None
            yield option, named | union | {name: _plain(value) for name, value in defaults(recipe).items()}


_registered: Schema | None = None
"""What Hydra's ConfigStore, one for the whole process, holds."""


def option_names(index: Index, group: str) -> list[str]:
    """Names of the installed options of a group, sorted; none for what is no group."""
    installed = {"attention": attention_variants, "position": position_schemes}
    return sorted(installed[group]()) if group in installed else index.names(group)


def schema_of(index: Index, plugins: Iterable[Plugin], files: Iterable[Path]) -> Schema:
    """The schema over some plugins.

    Args:
        index: the option files.
        plugins: the plugins whose tasks may be configured; usually the one that is selected.
        files: paths of variant files.

    Raises:
        ConfigurationError: when a file defines a name that is taken.
    """
    variants: dict[str, type[Recipe]] = dict(attention_variants())
    by_name: dict[str, Path] = {}
    for path in dict.fromkeys(files):
        variant = variant_from_file(path)
        if variant.name in variants and not _stands_in(variants[variant.name], path):
            other = by_name.get(variant.name, "An installed variant")
            raise ConfigurationError(
                Fault(
                    f"attention={path}", "must define a variant of a new name", repr(variant.name), f"{other} has it."
                )
            )
        variants[variant.name], by_name[variant.name] = variant, path
    tasks = [task for plugin in plugins for task in plugin.tasks.values()]
    recipes: dict[str, Mapping[str, type[Recipe]]] = {
        "attention": variants,
        "position": position_schemes(),
        "model": {f"{task.name}-{name}": recipe for task in tasks for name, recipe in task.models.items()},
        "data": {f"{task.name}-{name}": recipe for task in tasks for name, recipe in task.datasets.items()},
        "optim": {"default": OptimRecipe},
        "trainer": {"default": TrainerRecipe},
    }
    return Schema(index, recipes, by_name)


def _stands_in(recipe: type[Recipe], path: Path) -> bool:
    """Whether an installed variant is the one of a file, as while its package is being written."""
    module = sys.modules.get(recipe.__module__)
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).resolve() == path.expanduser().resolve()


def _name(node: str, option: str) -> str:
    """What the user calls an option: without its task, where it carries one."""
    return option.partition("-")[2] if node in OF_TASKS else option


def _plain(value: Any) -> Any:
    if value is MISSING:
        return "???"
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
