"""Finding and loading plugins by entry point. Torch-free, and no plugin is imported before it is selected.

Every plugin, built in or not, takes this path: an entry point in the group ``attnframe.plugins`` names the declaration,
and the folder ``conf`` beside its module holds the options. The folder is found by walking the path, not by importing.
"""

from __future__ import annotations

import functools
import importlib.util
import inspect
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path

from attnframe.entry_points import distribution_of, entry_points
from attnframe.errors import Fault, PluginError, did_you_mean
from attnframe.plugin.contract import API_VERSION, DataRecipe, ModelRecipe, Plugin, Task
from attnframe.recipe import construct

GROUP = "attnframe.plugins"


@dataclass(frozen=True)
class Found:
    """One installed plugin whose options can be read.

    Args:
        name: the name of the entry point, which is the plugin's.
        entry_point: names the declaration, e.g. ``attnframe_vision.plugin:plugin``.
        conf: the folder of its options.
    """

    name: str
    entry_point: EntryPoint
    conf: Path

    @property
    def distribution(self) -> str:
        """The name of the installed distribution that brings it."""
        return distribution_of(self.entry_point)

    def __str__(self) -> str:
        return f"plugin {self.name} (distribution {self.distribution})"


@dataclass(frozen=True)
class Discovery:
    """What is installed: the usable plugins, and one warning for each that is not, naming its distribution."""

    plugins: tuple[Found, ...]
    warnings: tuple[str, ...]


def shared_conf() -> Path:
    """The folder of the shared options: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "conf"
    return inside if inside.is_dir() else package.parent / "conf"


def discover() -> Discovery:
    """All installed plugins, sorted by name; none of them is imported."""
    return _discover(tuple(sys.path))


@functools.cache
def _discover(_path: tuple[str, ...]) -> Discovery:
    found: list[Found] = []
    warnings: list[str] = []
    for entry_point in entry_points(group=GROUP):
        try:
            found.append(Found(entry_point.name, entry_point, conf_folder(entry_point)))
        except PluginError as error:
            left_out = f"plugin {entry_point.name} (distribution {distribution_of(entry_point)}) is left out"
            warnings.append(f"{left_out}: {error}")
    kept, clashes = _without_clashes(found)
    return Discovery(tuple(kept), (*warnings, *clashes))


def _without_clashes(found: list[Found]) -> tuple[list[Found], list[str]]:
    """The plugins whose option files are theirs alone, sorted, and a warning for each other one.

    An option is one file. Of two plugins that ship the same, the one that comes with attnframe stays, else the first.
    """
    files = [{f"plugin/{one.name}.yaml": str(one.conf)} | option_files(one.conf) for one in found]
    shared = option_files(shared_conf())
    if len({*shared}.union(*files)) == len(shared) + sum(map(len, files)):
        return found, []
    taken, kept, warnings = dict(shared), [], []
    # Which distribution a plugin is of is slow to find out, so it is asked for only now.
    for one, own in sorted(zip(found, files, strict=True), key=lambda pair: pair[0].distribution != "attnframe"):
        clash = next((key for key in own if key in taken), None)
        if clash is None:
            taken |= own
            kept.append(one)
            continue
        group, _, name = clash.removesuffix(".yaml").rpartition("/")
        must, both = "must be shipped by one file only", f"{taken[clash]} and {own[clash]}"
        fault = Fault(f"{group}={name}" if group else name, must, both, "Give it a new name.")
        warnings.append(f"{one} is left out: {fault}")
    return sorted(kept, key=lambda one: one.name), warnings


def option_files(conf: Path) -> dict[str, str]:
    """The path of every option file of a folder by its path inside it, e.g. ``data/digits.yaml``, sorted."""
    start = len(str(conf)) + 1
    found = [os.path.join(folder, name) for folder, _, names in os.walk(conf) for name in names]
    return {path[start:].replace(os.sep, "/"): path for path in sorted(found) if path.endswith(".yaml")}


def conf_folder(entry_point: EntryPoint) -> Path:
    """The `conf` folder beside the module that an entry point names, found without importing the module.

    Raises:
        PluginError: when the package is not importable, or has no such folder.
    """
    top, *below = entry_point.module.split(".")
    where = f"entry point {entry_point.name} = {entry_point.value}"
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError) as error:
        raise PluginError(Fault(where, "must name an importable package", f"{type(error).__name__}: {error}")) from None
    if spec is None:
        raise PluginError(Fault(where, "must name an importable package", f"no package {top}"))
    if not spec.submodule_search_locations:
        raise PluginError(Fault(where, "must name a module inside a package", f"the single module {top}"))
    folders = [Path(root).joinpath(*below[:-1], "conf") for root in spec.submodule_search_locations]
    for folder in folders:
        if folder.is_dir():
            return folder
    raise PluginError(Fault(where, "must have a folder conf beside its module", f"no folder {folders[0]}"))


def load_plugin(name: str) -> Plugin:
    """Import one plugin and verify its declaration at once.

    Raises:
        PluginError: when it is unknown, cannot be imported, is made for another API version or contradicts itself.
    """
    plugins = discover().plugins
    matching = [found for found in plugins if found.name == name]
    if not matching:
        known = [found.name for found in plugins]
        raise PluginError(Fault(f"plugin={name}", "is not an installed plugin", "", did_you_mean(name, known)))
    return load_found(matching[0])


def load_found(found: Found) -> Plugin:
    """Import and verify one discovered plugin; see `load_plugin`."""
    try:
        declared = found.entry_point.load()
        plugin = declared() if inspect.isclass(declared) else declared
    except (Exception, SystemExit) as error:  # a plugin's import may fail in any way, and that is the plugin's fault
        got = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise PluginError(Fault(str(found), "must be importable", got, f"See {found.entry_point.value}.")) from error
    if not isinstance(plugin, Plugin):
        must = f"must name a Plugin in {found.entry_point.value}"
        raise PluginError(Fault(str(found), must, type(plugin).__name__))
    version = getattr(plugin, "api_version", None)
    if not isinstance(version, int):
        must = "must state the plugin API version that it was written for"
        raise PluginError(Fault(str(found), must, "", f"Write api_version = {API_VERSION} in {type(plugin).__name__}."))
    if version != API_VERSION:
        advice = "Upgrade the plugin." if version < API_VERSION else "Upgrade attnframe."
        got = f"a plugin for version {version}"
        raise PluginError(Fault(str(found), f"must be made for plugin API version {API_VERSION}", got, advice))
    faults = [*_declaration_faults(plugin, found)]
    if faults:
        raise PluginError(faults)
    return plugin


def _declaration_faults(plugin: Plugin, found: Found) -> Iterator[Fault]:
    if getattr(plugin, "name", None) != found.name:
        got = repr(getattr(plugin, "name", None))
        yield Fault(str(found), f"must have the name {found.name!r} of its entry point", got)
    yield from _option_faults(found, "plugin", found.name)
    if not getattr(plugin, "tasks", None):
        yield Fault(str(found), "must declare at least one task in `tasks`")
        return
    for name, task in plugin.tasks.items():
        if not isinstance(task, Task) or task.name != name:
            yield Fault(f"{found}, task {name}", "must be a Task of that name", repr(task))
            continue
        yield from _option_faults(found, "task", name)
        for attribute in ("summary", "monitor", "datasets"):
            if not hasattr(task, attribute):
                yield Fault(f"{found}, task {name}", f"must have the attribute {attribute}")
        for name, model in task.models.items():
            right = inspect.isclass(model) and issubclass(model, ModelRecipe)
            if not right or getattr(model, "name", None) != name or not getattr(model, "summary", ""):
                must = "must be a ModelRecipe class of that name, with a summary"
                yield Fault(f"{found}, model {name}", must, repr(model))
                continue
            try:
                task.needs(construct(model, {}))
            except Exception as error:  # as any code of a plugin, it may fail in any way, and every list asks for it
                must = "must have a default for each field, and needs(model) that gives Needs"
                yield Fault(f"{found}, task {task.name}, model {name}", must, f"{type(error).__name__}: {error}")
        for dataset, recipe in getattr(task, "datasets", {}).items():
            if not (inspect.isclass(recipe) and issubclass(recipe, DataRecipe)) or recipe.name != dataset:
                yield Fault(f"{found}, data {dataset}", "must be a DataRecipe class of that name", repr(recipe))
                continue
            yield from _option_faults(found, "data", dataset)


def _option_faults(found: Found, group: str, name: str) -> Iterator[Fault]:
    file = found.conf / group / f"{name}.yaml"
    if not file.is_file():
        yield Fault(str(found), f"must ship an option file for {group}={name}", f"no file {file}")
