"""The static index: which options exist and what they choose, read from YAML files alone. Torch-free.

Hydra cannot let a plugin pick its task, nor a task its plugin; this index settles both before Hydra composes. It reads
the ``defaults`` lists (``override /GROUP: OPTION``) and the leading comments of the option files and nothing else.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from attnframe.errors import ConfigurationError, Fault, PluginError, did_you_mean
from attnframe.plugin.contract import DEFAULT_MODEL
from attnframe.plugin.discovery import discover, option_files, shared_conf

PLUGIN_GROUPS = ("plugin", "task", "data", "experiment")
"""Groups whose options plugins bring."""
_SPECIFIC_FIRST = ("experiment", "data", "task", "plugin")
SHARED_GROUPS = ("optim", "trainer", "model", "debug")
"""Groups of YAML options that come with the framework. Those of `model` are sizes; the models themselves are recipes of
the tasks."""


@dataclass(frozen=True)
class Option:
    """One option file.

    Args:
        group: e.g. ``data``. name: e.g. ``digits``.
        file: the YAML file.
        plugin: the plugin that ships it; empty for a shared one.
        summary: its first comment line. usage: its second comment line, often a command.
        chooses: group to option, from its ``override`` entries.
    """

    group: str
    name: str
    file: Path
    plugin: str
    summary: str
    usage: str
    chooses: Mapping[str, str]


@dataclass(frozen=True)
class Index:
    """All option files.

    Args:
        options: by group and name.
        faults: options of a user's own folders that another file ships too, each naming both files.
        warnings: plugins that were left out, one line each, naming the distribution.
    """

    options: Mapping[tuple[str, str], Option]
    faults: tuple[Fault, ...]
    warnings: tuple[str, ...]

    def names(self, group: str) -> list[str]:
        """The names of a group's options, sorted."""
        return sorted(name for in_group, name in self.options if in_group == group)

    def unknown(self, group: str, name: str) -> Fault:
        """The fault of choosing what is not there, with the near miss; plugins that were left out might have had it."""
        out = len(self.warnings)
        more = f" {out} plugin{' is' if out == 1 else 's are'} left out: attnframe doctor says why." if out else ""
        return Fault(f"{group}={name}", "is not an option", "", did_you_mean(name, self.names(group)) + more)

    def settle(self, given: Mapping[str, str]) -> dict[str, str]:
        """Complete a choice of plugin, task and data.

        Args:
            given: option by group, as far as the command line chose; at least one of plugin, task and experiment.

        Returns:
            plugin, task and data.

        Raises:
            ConfigurationError: when an option is unknown, the choices contradict each other or nothing implies a task.
        """
        faults = [
            self.unknown(group, given[group])
            for group in PLUGIN_GROUPS
            if group in given and (group, given[group]) not in self.options
        ]
        if faults:
            raise ConfigurationError(faults)
        experiment = self._chosen(given, "experiment")
        task = given.get("task", experiment.get("task"))
        plugin = given.get("plugin")
        if task is None:
            task = self._chosen(given, "plugin").get("task")
        if task is None:
            raise ConfigurationError(self._no_task(given))
        if ("task", task) not in self.options:
            raise ConfigurationError(self.unknown("task", task))
        home = self.options["task", task].plugin
        data = given.get("data", experiment.get("data", self.options["task", task].chooses.get("data")))
        if data is None:
            file = self.options["task", task].file
            raise PluginError(Fault(str(file), "must choose default data in its defaults list (override /data: NAME)"))
        if plugin is not None and plugin != home:
            faults.append(
                Fault(
                    f"task={task}",
                    f"must belong to plugin={plugin}",
                    f"a task of plugin={home}",
                    f"Give plugin={home}, or a task of {plugin}: {', '.join(self.tasks(plugin))}.",
                )
            )
        if experiment.get("task", task) != task:
            faults.append(
                Fault(
                    f"experiment={given['experiment']}",
                    f"must be a preset of task={task}",
                    f"a preset of task={experiment['task']}",
                    f"Leave out task={task}.",
                )
            )
        if ("data", data) not in self.options:
            faults.append(self.unknown("data", data))
        if faults:
            raise ConfigurationError(faults)
        return {"plugin": home, "task": task, "data": data}

    def model(self, given: Mapping[str, str]) -> str:
        """The model that a choice comes to: as given, else as the files of experiment, data, task and plugin choose,
        the more specific first, else the default. A size leaves it open.

        Args:
            given: option by group, plugin, task and data settled.
        """
        chosen = [given.get("model"), *(self._chosen(given, group).get("model") for group in _SPECIFIC_FIRST)]
        models = (name for name in chosen if name is not None and ("model", name) not in self.options)
        return next(models, DEFAULT_MODEL)

    def tasks(self, plugin: str) -> list[str]:
        """The names of a plugin's tasks, sorted."""
        return sorted(o.name for (group, _), o in self.options.items() if group == "task" and o.plugin == plugin)

    def _chosen(self, given: Mapping[str, str], group: str) -> Mapping[str, str]:
        return self.options[group, given[group]].chooses if group in given else {}

    def _no_task(self, given: Mapping[str, str]) -> Fault:
        known = ", ".join(self.names("plugin"))
        if "plugin" in given:
            file = self.options["plugin", given["plugin"]].file
            return Fault(str(file), "must choose a default task in its defaults list (override /task: NAME)")
        if "data" in given:
            home = self.options["data", given["data"]].plugin
            return Fault("plugin", "or task must be given", "", f"data={given['data']} belongs to plugin={home}.")
        return Fault("plugin", "or task must be given", "", f"Known plugins: {known}.")


def index(extra: Iterable[Path] = ()) -> Index:
    """Read the index of everything installed.

    Args:
        extra: further folders of options, e.g. a user's own presets.
    """
    return _index(tuple(sys.path), tuple(extra))


@functools.cache
def _index(_path: tuple[str, ...], extra: tuple[Path, ...]) -> Index:
    discovery = discover()
    warnings = list(discovery.warnings)
    options: dict[tuple[str, str], Option] = {}
    faults: list[Fault] = []
    sources = [(shared_conf(), None), *((found.conf, found) for found in discovery.plugins)]
    for conf, found in [*sources, *((folder, None) for folder in extra)]:
        try:
            read = [*_read_folder(conf, found.name if found else "")]
        except PluginError as error:
            if not found:
                raise
            warnings.append(f"plugin {found.name} (distribution {found.distribution}) is left out: {error}")
            continue
        for option in read:
            other = options.setdefault((option.group, option.name), option)
            if other is not option:
                must = "must be shipped by one file only"
                faults.append(Fault(f"{option.group}={option.name}", must, f"{other.file} and {option.file}"))
    return Index(options, tuple(faults), tuple(warnings))


def _read_folder(conf: Path, plugin: str) -> Iterable[Option]:
    for inside, file in option_files(conf).items():
        group = inside.rpartition("/")[0]
        if group in PLUGIN_GROUPS or group in SHARED_GROUPS:
            yield _read_option(group, Path(file), plugin)


def _read_option(group: str, file: Path, plugin: str) -> Option:
    try:
        text = file.read_text(encoding="utf-8")
        content = yaml.compose(text, Loader=_Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        got = " ".join(str(error).split())
        raise PluginError(Fault(str(file), "must be a readable YAML file", got)) from None
    if content is not None and not isinstance(content, yaml.MappingNode):
        got = f"a {type(content).__name__.removesuffix('Node').lower()}"
        raise PluginError(Fault(str(file), "must be a mapping", got))
    comments = [*_leading_comments(text), "", ""]
    chosen = _chooses(content) if content else {}
    return Option(group, file.stem, file, plugin, comments[0], comments[1], chosen)


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _leading_comments(text: str) -> list[str]:
    found = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        comment = line.lstrip("#").strip()
        if comment and not comment.startswith("@package"):
            found.append(comment)
    return found


# Nodes are enough, and making objects of whole files takes several times as long.
def _chooses(content: yaml.MappingNode) -> dict[str, str]:
    defaults = next((value for key, value in content.value if key.value == "defaults"), None)
    entries = defaults.value if isinstance(defaults, yaml.SequenceNode) else []
    pairs = [pair for entry in entries if isinstance(entry, yaml.MappingNode) for pair in entry.value]
    return {
        key.value.removeprefix("override /"): value.value
        for key, value in pairs
        if str(key.value).startswith("override /") and value.tag == "tag:yaml.org,2002:str"
    }
