"""What a registered baseline is: its command, metric, protocol and what was published. Torch-free.

Definitions are data of the plugins: each ``conf/baseline/*.yaml`` maps names to the fields of `Definition`. What was
recorded of them stands beside, in ``conf/baseline/records/``.
"""

from __future__ import annotations

import dataclasses
import functools
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml

from attnframe.errors import ConfigurationError, Fault, PluginError, did_you_mean
from attnframe.plugin.discovery import discover
from attnframe.recipe import Above, Recipe, construct, frozen

CONTROL = ("attention=none", "floor=false")
"""Overrides that make a control of a row."""


@frozen
class Published(Recipe):
    """A published number.

    Args:
        value: the number, in the unit of the metric.
        source: who published it, where, and what differs from the protocol here.
        deviation: its deviation over seeds or folds; null where none is told.
    """

    value: float
    source: str
    deviation: float | None = None

    def __str__(self) -> str:
        spread = "" if self.deviation is None else f" with deviation {self.deviation:g}"
        return f"{self.value:g}{spread}, {self.source}"


@frozen
class Definition(Recipe):
    """One baseline: what is run, and how its number is to be read.

    Args:
        overrides: of ``attnframe train``.
        metric: the reported test metric.
        better: whether a larger or a smaller metric is better.
        protocol: how the number is to be read.
        repeats: the overrides that make its repeats, e.g. ``{seed: [0, 1, 2]}`` or ``{data.fold: [0, 1]}``.
        bar: what the mean over the repeats must reach; null for no such goal.
        published: numbers on this protocol, or the nearest ones.
        tolerance: how far a repeat with another seed may lie from the recorded mean; null to work it out from the
            deviation of the recorded repeats.
        together: whether the repeats are run in one process, as a sweep.
        files: ``module:function`` that writes a user's own files, called with the folder for them and the root of the
            datasets; FILES in the overrides stands for the folder. Null where the data are no such files.
        quick: whether it takes seconds, so that the tests verify it.
    """

    overrides: tuple[str, ...]
    metric: str
    better: Literal["max", "min"]
    protocol: str
    repeats: dict[str, Any]
    bar: float | None = None
    published: tuple[dict[str, Any], ...] = ()
    tolerance: Annotated[float, Above(0)] | None = None
    together: bool = False
    files: str | None = None
    quick: bool = False

    def faults(self) -> Iterable[Fault]:
        values = [*self.repeats.values()]
        if len(values) != 1 or not isinstance(values[0], list) or not values[0]:
            works = "Example: {seed: [0, 1, 2]}."
            yield Fault("repeats", "must map one override to a list of its values", repr(self.repeats), works)
        for one in self.published:
            try:
                construct(Published, one)
            except ConfigurationError as error:
                yield from error.faults

    @property
    def repeated(self) -> tuple[str, ...]:
        """The override of each repeat."""
        ((key, values),) = self.repeats.items()
        return tuple(f"{key}={value}" for value in values)

    @property
    def numbers(self) -> tuple[Published, ...]:
        """The published numbers."""
        return tuple(construct(Published, one) for one in self.published)

    @property
    def published_text(self) -> str:
        """The published numbers in words."""
        return "; ".join(map(str, self.numbers))

    @property
    def without_attention(self) -> Definition:
        """The same as a control: without attention, and with nothing that it must reach."""
        changed = {override.partition("=")[0] for override in CONTROL}
        kept = (override for override in self.overrides if override.partition("=")[0] not in changed)
        return self.replace(overrides=(*kept, *CONTROL), bar=None)

    @property
    def command(self) -> str:
        """The command of one repeat, without the override that it is repeated by."""
        return " ".join(["attnframe", "train", *self.overrides])


def definitions() -> Mapping[str, Definition]:
    """Every registered baseline by name.

    Raises:
        PluginError: with everything that is wrong in the files of the plugins.
    """
    return {name: one for name, (one, _) in _definitions(tuple(sys.path)).items()}


def definition_file(name: str) -> Path:
    """The file that registers a baseline.

    Raises:
        ConfigurationError: when there is none of that name.
    """
    definition(name)
    return _definitions(tuple(sys.path))[name][1]


def definition(name: str) -> Definition:
    """One registered baseline.

    Raises:
        ConfigurationError: when there is none of that name.
    """
    known = definitions()
    if name not in known:
        raise ConfigurationError(Fault(f"baseline {name}", "is not registered", "", did_you_mean(name, list(known))))
    return known[name]


@functools.cache
def _definitions(_path: tuple[str, ...]) -> Mapping[str, tuple[Definition, Path]]:
    found: dict[str, tuple[Definition, Path]] = {}
    faults: list[Fault] = []
    for plugin in discover().plugins:
        for file in sorted((plugin.conf / "baseline").glob("*.yaml")):
            for name, fields in _read(file, faults).items():
                try:
                    made = construct(Definition, fields)
                except ConfigurationError as error:
                    faults += [dataclasses.replace(one, where=f"{file}: {name}: {one.where}") for one in error.faults]
                    continue
                if found.setdefault(name, (made, file))[0] is not made:
                    faults.append(Fault(f"{file}: {name}", "must be registered once"))
    if faults:
        raise PluginError(faults)
    return found


def _read(file: Path, faults: list[Fault]) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        faults.append(Fault(str(file), "must be a readable YAML file", " ".join(str(error).split())))
        return {}
    if not isinstance(content, dict) or not all(isinstance(fields, dict) for fields in content.values()):
        faults.append(Fault(str(file), "must map names of baselines to their fields"))
        return {}
    return content
