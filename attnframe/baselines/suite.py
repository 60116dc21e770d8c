"""Suites of baselines: named cells, each a set of overrides that is run with several attention variants and seeds.
Torch-free.

A suite is a YAML file; ``attnframe baselines suite=NAME`` finds it in the ``conf/suite`` folders of attnframe and of
the plugins, ``suite=FILE.yaml`` reads a user's own.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import yaml

from attnframe.errors import ConfigurationError, Fault, did_you_mean
from attnframe.plugin.discovery import discover, shared_conf
from attnframe.recipe import AtLeast, Recipe, construct, frozen

CONTROL = "none"
"""The variant that every cell has besides its own: the control."""
ALL = "all"
"""Stands for every variant that is found."""
PATTERNS = ("noncausal self", "causal self", "noncausal cross", "causal cross", "edges")
"""The uses of attention that a cell can show, after CAB (Zhang et al. 2023, https://arxiv.org/abs/2210.07661), and
attention over the edges of a graph."""


@frozen
class SuiteCell(Recipe):
    """One cell of a suite, run once for each variant and seed.

    Args:
        overrides: of ``attnframe train``, without attention and seed.
        baseline: the registered baseline that it is a part of, whose overrides come first and whose metric, protocol
            and published numbers stand beside; empty for none.
        pattern: the use of attention that it shows; empty for none.
        attention: variants, or ``all``; null for those of the suite.
        also: further variants, such as the domain's own.
        fields: overrides of single variants, by the variant's name, instead of those of the suite; null for none.
        seeds: null for those of the suite.
        time: budget of the fit, DD:HH:MM:SS; null for that of the suite.
        metric: the test metric that is compared, e.g. ``test/accuracy``; null for the task's main one.
        better: whether a larger or a smaller metric is better; null for the task's.
    """

    overrides: tuple[str, ...] = ()
    baseline: str = ""
    pattern: Literal["", "noncausal self", "causal self", "noncausal cross", "causal cross", "edges"] = ""
    attention: tuple[str, ...] | None = None
    also: tuple[str, ...] = ()
    fields: dict[str, Any] | None = None
    seeds: tuple[Annotated[int, AtLeast(0)], ...] | None = None
    time: str | None = None
    metric: str | None = None
    better: Literal["max", "min"] | None = None


@frozen
class Suite(Recipe):
    """A whole suite.

    Args:
        cells: by name, each with the fields of `SuiteCell`.
        attention: variants that every cell is run with, or ``all`` for every one that is found; the control comes by
            itself, and pairs that cannot work are shown as refused.
        fields: overrides of single variants, by the variant's name; null for none.
        seeds: seeds of the runs.
        time: budget of the fit of one run, DD:HH:MM:SS.
    """

    cells: dict[str, Any]
    attention: tuple[str, ...] = (ALL,)
    fields: dict[str, Any] | None = None
    seeds: tuple[Annotated[int, AtLeast(0)], ...] = (0, 1, 2)
    time: str = "00:00:01:00"

    name: ClassVar[str] = ""

    def faults(self) -> Iterable[Fault]:
        if not self.cells:
            yield Fault("cells", "must name at least one cell")


def suites() -> dict[str, Path]:
    """The file of every suite that attnframe and the plugins ship, by name."""
    folders = [shared_conf(), *(found.conf for found in discover().plugins)]
    return {file.stem: file for folder in folders for file in sorted((folder / "suite").glob("*.yaml"))}


def suite_file(name: str) -> Path:
    """The file of a suite.

    Args:
        name: of a suite that is shipped, or the path of a file that ends in .yaml.

    Raises:
        ConfigurationError: when there is none.
    """
    if name.endswith((".yaml", ".yml")):
        from attnframe.config.literal import user_path

        path = user_path(name)
        if not path.is_file():
            raise ConfigurationError(Fault(f"suite={name}", "must be a readable file"))
        return path
    known = suites()
    if name not in known:
        works = did_you_mean(name, list(known)) + " Or give a file of your own: suite=FILE.yaml."
        raise ConfigurationError(Fault(f"suite={name}", "is no suite", "", works))
    return known[name]


def read_suite(file: Path) -> tuple[Suite, dict[str, SuiteCell]]:
    """A suite and its cells by name.

    Raises:
        ConfigurationError: with everything that is wrong with the file.
    """
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(
            Fault(str(file), "must be a readable YAML file", " ".join(str(error).split()))
        ) from None
    if not isinstance(content, dict):
        raise ConfigurationError(Fault(str(file), "must be a mapping with cells", type(content).__name__))
    faults: list[Fault] = []
    suite = _construct(Suite, content, f"{file.name}: ", faults)
    cells = {}
    for name, fields in (suite.cells if suite else {}).items():
        where = f"{file.name}: cells.{name}"
        if not re.fullmatch(r"\w[\w.-]*", str(name)):
            faults.append(Fault(where, "must be named by letters, digits, _, . and - alone", repr(name)))
        if not isinstance(fields, dict):
            faults.append(Fault(where, "must be a mapping of fields", repr(fields)))
            continue
        cell = _construct(SuiteCell, fields, f"{where}.", faults)
        if cell is not None:
            cells[str(name)] = cell
    if suite is None or faults:
        raise ConfigurationError(faults)
    return suite, cells


def _construct(recipe: type[Any], values: dict[str, Any], where: str, faults: list[Fault]) -> Any:
    try:
        return construct(recipe, values)
    except ConfigurationError as error:
        told = f" ({recipe.__name__})"
        faults += [dataclasses.replace(one, where=where + one.where.removesuffix(told)) for one in error.faults]
        return None
