"""From a suite to its runs: each cell with each variant that can serve it, and each seed. Torch-free."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from attnframe.baselines.definition import Definition, definition
from attnframe.baselines.exchange import with_attention
from attnframe.baselines.suite import ALL, CONTROL, Suite, SuiteCell
from attnframe.errors import ConfigurationError, Fault
from attnframe.plan import RunPlan
from attnframe.recipes.registry import attention_variant, attention_variants


@dataclass(frozen=True)
class CellPlan:
    """A cell, checked.

    Args:
        name: its name in the suite. cell: its fields.
        definition: the registered baseline that it is a part of; None for none.
        base: the plan with the attention that its overrides come to.
        metric: the test metric that is compared. better: whether a larger or a smaller one is better.
    """

    name: str
    cell: SuiteCell
    definition: Definition | None
    base: RunPlan
    metric: str
    better: Literal["max", "min"]


@dataclass(frozen=True)
class Run:
    """One run of a suite.

    Args:
        cell: the name of its cell. attention: the variant. seed: its seed. plan: what is run.
    """

    cell: str
    attention: str
    seed: int
    plan: RunPlan

    def key(self, data_hash: str) -> str:
        """A name that no other run has: what a person knows it by, and a hash of everything that decides its outcome,
        the data and the file of a user's own variant among it.

        Args:
            data_hash: sha256 of the data.
        """
        decides = {name: value for name, value in self.plan.values.items() if name not in _NO_MATTER}
        decides["trainer"] = {key: value for key, value in decides["trainer"].items() if key != "progress"}
        file = self.plan.values["attention"].get("file")
        code = hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else ""
        text = json.dumps([decides, data_hash, code], sort_keys=True)
        return f"{self.cell}-{self.attention}-{self.seed}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


_NO_MATTER = ("data_dir", "logger", "floor", "control")


@dataclass(frozen=True)
class Refusal:
    """A pair that cannot work.

    Args:
        cell: the name of the cell. attention: the variant. reason: why, in words.
    """

    cell: str
    attention: str
    reason: str


@dataclass(frozen=True)
class SuitePlan:
    """Everything that a suite comes to.

    Args:
        cells: by name.
        runs: the first seed of all cells, then the second and so on, so that whatever is done covers them all.
        refusals: pairs that cannot work.
    """

    cells: Mapping[str, CellPlan]
    runs: tuple[Run, ...]
    refusals: tuple[Refusal, ...]


def plan_suite(
    suite: Suite,
    cells: Mapping[str, SuiteCell],
    *,
    attention: Sequence[str] = (),
    also: Sequence[str] = (),
    seeds: Sequence[int] = (),
    time: str | None = None,
    overrides: Sequence[str] = (),
) -> SuitePlan:
    """The runs of some cells of a suite.

    Args:
        suite: what all cells share. cells: the cells to run.
        attention: variants, or files, instead of those of suite and cells. also: further ones.
        seeds: instead of those of suite and cells.
        time: budget of the fit of a run, instead of those of suite and cells.
        overrides: of every run, such as ``data_dir=PATH``.

    Raises:
        ConfigurationError: with everything that is wrong in the suite.
    """
    planned: dict[str, CellPlan] = {}
    runs: list[Run] = []
    refusals: list[Refusal] = []
    faults: list[Fault] = []
    for name, cell in cells.items():
        try:
            planned[name] = one = _plan_cell(name, cell, time or cell.time or suite.time, overrides)
            names = [*(attention or cell.attention or suite.attention), *cell.also, *also, CONTROL]
            fields = {**(suite.fields or {}), **(cell.fields or {})}
            made, refused = _runs(one, names, fields, seeds or cell.seeds or suite.seeds)
        except ConfigurationError as error:
            faults += [dataclasses.replace(fault, where=f"cells.{name}: {fault.where}") for fault in error.faults]
            continue
        runs += made
        refusals += refused
    if faults:
        raise ConfigurationError(faults)
    order = {name: [run.seed for run in runs if run.cell == name and run.attention == CONTROL] for name in planned}
    runs.sort(key=lambda run: order[run.cell].index(run.seed))
    return SuitePlan(planned, tuple(runs), tuple(refusals))


def _plan_cell(name: str, cell: SuiteCell, time: str, overrides: Sequence[str]) -> CellPlan:
    from attnframe.config.check import check

    row = definition(cell.baseline) if cell.baseline else None
    quiet = ("trainer.progress=false", "floor=false", f"trainer.max_time={time}")
    words = joined(row.overrides if row else (), cell.overrides, overrides, quiet)
    base = check(words).plans[0]
    monitor = base.task.monitor
    metric = cell.metric or (row.metric if row else f"test/{monitor.metric}")
    return CellPlan(name, cell, row, base, metric, cell.better or (row.better if row else monitor.mode))


def joined(*parts: Sequence[str]) -> list[str]:
    """Overrides of several sources, the last one of a key winning."""
    return list({override.partition("=")[0]: override for part in parts for override in part}.values())


def _runs(
    cell: CellPlan, names: Sequence[str], fields: Mapping[str, Any], seeds: Sequence[int]
) -> tuple[list[Run], list[Refusal]]:
    """The runs of a cell, seed by seed.

    Raises:
        ConfigurationError: when not even the control can be run.
    """
    known = attention_variants()
    listed = [name for one in names for name in (known if one == ALL else [one])]
    plans: dict[str, list[RunPlan]] = {}
    refused = []
    for name in dict.fromkeys(listed):
        variant = attention_variant(name).name
        try:
            own = _fields(fields, variant)
            plans[variant] = [with_attention(cell.base, name, own, {"seed": seed}) for seed in dict.fromkeys(seeds)]
        except ConfigurationError as error:
            if variant == CONTROL:
                raise
            refused.append(Refusal(cell.name, variant, " ".join(map(str, error.faults))))
    runs = [
        Run(cell.name, variant, plan.seed, plan)
        for of_seed in zip(*plans.values(), strict=True)
        for variant, plan in zip(plans, of_seed, strict=True)
    ]
    return runs, refused


def _fields(fields: Mapping[str, Any], variant: str) -> dict[str, Any]:
    given = fields.get(variant, {})
    if not isinstance(given, dict):
        raise ConfigurationError(Fault(f"fields.{variant}", "must be a mapping of fields of the variant", repr(given)))
    return dict(given)
