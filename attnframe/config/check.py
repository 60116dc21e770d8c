"""Validation of overrides: every fault of every pass and every point of a sweep at once, before anything is run.

The passes are names (`attnframe.config.names`), schema and meaning (`attnframe.plan_from`), and, where asked for, one
example batch on the meta device (`attnframe.training.dry_run`). What one pass finds wrong is left out of the next, so
that a later fault is not an echo.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf

from attnframe.config.composer import compose_point, composition, plain, search_path_override
from attnframe.config.names import name_faults, options_of, value_faults
from attnframe.config.points import chosen, expand, model_of, parse, settle, with_model
from attnframe.config.schema import GROUPS, Schema, schema_of
from attnframe.config.trim import NOT_A_FIELD, trim
from attnframe.config.typed import Typed, read_typed
from attnframe.errors import ConfigurationError, Fault
from attnframe.plan import RunPlan
from attnframe.plan_from import plan_from_values
from attnframe.plugin.choice import model_fault
from attnframe.plugin.contract import Plugin, Task
from attnframe.plugin.discovery import load_plugin
from attnframe.plugin.index import PLUGIN_GROUPS, index


@dataclass(frozen=True)
class Checked:
    """A configuration, or a sweep, without a fault.

    Args:
        plans: one for each point.
        points: the overrides of each point, in Hydra's grammar.
        lines: what Hydra is to be given: the point, or the sweep as it was typed, without the folder.
        notices: what was ignored, one line each.
        folder: the folder that ``hydra.run.dir=`` (in a sweep ``hydra.sweep.dir=``) named; None when it was not given.
    """

    plans: tuple[RunPlan, ...]
    points: tuple[tuple[str, ...], ...]
    lines: tuple[str, ...]
    notices: tuple[str, ...]
    folder: Path | None


def check(
    overrides: Sequence[str], *, sweep: bool = False, dry_run: bool = False, extra: Sequence[Path] = ()
) -> Checked:
    """Compose and validate overrides as typed.

    Args:
        overrides: ``KEY=VALUE`` each.
        sweep: whether comma lists and ranges are swept.
        dry_run: also run one example batch through each model on the meta device (imports torch).
        extra: further folders of options.

    Raises:
        ConfigurationError: with every fault found.
    """
    typed = read_typed(overrides, sweep=sweep)
    return _Check(typed, tuple(overrides), sweep, tuple(extra)).run(dry_run)


def compose(overrides: Sequence[str]) -> dict[str, Any]:
    """The resolved configuration of one run as plain values, checked (without the meta device).

    Raises:
        ConfigurationError: with every fault found.
    """
    return check(overrides).plans[0].values


def resolve(composed: Mapping[str, Any], overrides: Sequence[str], extra: Sequence[Path] = ()) -> dict[str, Any]:
    """Resolved values from what Hydra composed for a job, in whatever process it runs.

    Args:
        composed: plain values.
        overrides: the job's overrides in Hydra's grammar.
        extra: further folders of options.
    """
    file = composed["attention"].get("file")
    schema = schema_of(index(extra), [load_plugin(composed["plugin"])], [Path(file)] if file else [])
    return trim(composed, schema, {override.key_or_group for override in parse(overrides)}).values


class _Check:
    """One validation: collects the faults of all passes."""

    def __init__(self, typed: Typed, overrides: tuple[str, ...], sweep: bool, extra: tuple[Path, ...]) -> None:
        self.typed, self.overrides, self.sweep, self.extra = typed, overrides, sweep, extra
        self.index = index(extra)
        self.faults: list[Fault] = [*self.index.faults, *typed.faults]
        self.foreign: dict[str, list[Fault]] = {}
        self.tasks: dict[str, Task] = {}
        self.folder: Path | None = None

    def run(self, dry_run: bool) -> Checked:
        plugins = self._select()
        self.tasks = {name: task for plugin in plugins for name, task in plugin.tasks.items()}
        schema = self._schema(plugins)
        good = self._known(schema)
        if not plugins:
            raise ConfigurationError([*self.faults, *value_faults(good, schema)])
        schema.register()
        points = [settle(point, self.extra) for point in expand([override.input_line or "" for override in good])]
        plans = self._plans(points, schema)
        if dry_run and not self.faults:
            self._dry_run(plans)
        if self.faults:
            raise ConfigurationError(self.faults)
        points_of = tuple(map(tuple, points))
        return Checked(tuple(plans), points_of, self._lines(points), self._notices(), self.folder)

    def _select(self) -> list[Plugin]:
        """The selected plugins; none when the selection of a plugin or task is at fault."""
        plugins: dict[str, Plugin] = {}
        selecting = [o for o in self.typed.own if o.key_or_group in PLUGIN_GROUPS and not self._leaves_task_known(o)]
        failed = False
        for point in expand([override.input_line or "" for override in selecting]):
            try:
                name = self.index.settle(chosen(point))["plugin"]
                plugins[name] = plugins.get(name) or load_plugin(name)
            except ConfigurationError as error:
                self.faults += error.faults
                failed = True
        return [] if failed else list(plugins.values())

    def _leaves_task_known(self, override: Override) -> bool:
        """Whether an override names no option, but only of what a task has a default for."""
        group = override.key_or_group
        return group == "data" and any(str(option) not in self.index.names(group) for option in options_of(override))

    def _schema(self, plugins: Iterable[Plugin]) -> Schema:
        try:
            return schema_of(self.index, plugins, self.typed.files)
        except ConfigurationError as error:
            raise ConfigurationError([*self.faults, *error.faults]) from None

    def _known(self, schema: Schema) -> list[Override]:
        """The overrides whose names are right; fields below an unknown option are left out with it."""
        own = self.typed.own
        faults = {override.key_or_group: [*name_faults(override, schema)] for override in own}
        self.faults += [fault for found in faults.values() for fault in found]
        wrong = {key for key, found in faults.items() if found}
        return [
            o for o in own if o.key_or_group not in wrong and o.key_or_group.partition(".")[0] not in wrong & {*GROUPS}
        ]

    def _plans(self, points: Sequence[Sequence[str]], schema: Schema) -> list[RunPlan]:
        found: dict[Fault, list[str]] = {}
        plans = []
        with composition():
            for point in points:
                shown = " ".join(o for o in point if not o.startswith("recipe/"))
                try:
                    plans.append(self._plan(point, schema))
                except ConfigurationError as error:
                    for fault in error.faults:
                        found.setdefault(fault, []).append(shown)
        self.faults += [_at_points(fault, shown, len(points)) for fault, shown in found.items()]
        self.faults += [fault for faults in self.foreign.values() if len(faults) == len(points) for fault in faults]
        return plans

    def _notices(self) -> tuple[str, ...]:
        """One line for each field that some points of a sweep do not have."""
        options = {
            key: dict.fromkeys(fault.must.removeprefix(NOT_A_FIELD) for fault in faults)
            for key, faults in self.foreign.items()
        }
        return tuple(
            f"{key} is ignored where there is no such field: {', '.join(names)}" for key, names in options.items()
        )

    def _plan(self, point: Sequence[str], schema: Schema) -> RunPlan:
        faults: list[Fault] = []
        name, model = model_of(point)
        task = self.tasks[name]
        wrong = model_fault(task, model, self.index.names("model"))
        if wrong is not None:  # go on with another, so that it hides nothing else
            faults, point = [wrong], with_model(point, next(iter(task.models)))
        config = compose_point([*point, *self.typed.hydra, *search_path_override(self.extra)])
        self.folder = self.folder or self._given_folder(config)
        composed = plain(config)
        trimmed = trim(composed, schema, {override.key_or_group for override in parse(point)})
        faults += trimmed.faults
        for fault in trimmed.foreign:
            self.foreign.setdefault(fault.where, []).append(fault)
        try:
            own = [override for override in point if not override.startswith("recipe/")]
            plan = plan_from_values(trimmed.values, own if self.sweep else self.overrides)
        except ConfigurationError as error:
            raise ConfigurationError([*faults, *error.faults]) from None
        if faults:
            raise ConfigurationError(faults)
        return plan

    def _given_folder(self, config: DictConfig) -> Path | None:
        key = f"hydra.{'sweep' if self.sweep else 'run'}.dir"
        if not any(line.startswith(f"{key}=") for line in self.typed.hydra):
            return None
        return Path(str(OmegaConf.select(config, key))).absolute()

    def _dry_run(self, plans: Sequence[RunPlan]) -> None:
        from attnframe.training.dry_run import dry_run  # imports torch

        different = {repr((plan.plugin.name, plan.task.name, plan.parts, plan.data)): plan for plan in plans}
        for plan in different.values():
            try:
                dry_run(plan)
            except ConfigurationError as error:
                self.faults += error.faults

    def _lines(self, points: Sequence[Sequence[str]]) -> tuple[str, ...]:
        hydra = [line for line in self.typed.hydra if not line.startswith(("hydra.run.dir=", "hydra.sweep.dir="))]
        own = [_postponed(override) for override in self.typed.own] if self.sweep else points[0]
        return (*own, *hydra, *search_path_override(self.extra))


def _postponed(override: Override) -> str:
    """An override of a sweep that selects plugin, task, data or preset, as a list of one, if it is no list yet.

    Hydra composes once without what is swept; a plugin without its task, or a task without its data, would be refused.
    """
    if override.key_or_group in PLUGIN_GROUPS and not override.is_sweep_override():
        return f"{override.key_or_group}=choice({override.get_value_element_as_str()})"
    return override.input_line or ""


def _at_points(fault: Fault, points: Sequence[str], total: int) -> Fault:
    """A fault of a sweep, saying where it occurs when it does not everywhere."""
    if len(points) == total:
        return fault
    where = f"At {len(points)} of {total} points, first {points[0]}."
    return dataclasses.replace(fault, works=f"{fault.works} {where}".strip())
