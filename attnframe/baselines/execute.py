"""A whole suite: its data, the runs that are left, and what all of them came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from attnframe.baselines.launch import launch
from attnframe.baselines.process import in_process
from attnframe.baselines.runs import Refusal, Run, SuitePlan
from attnframe.baselines.store import Store, data_key
from attnframe.baselines.work import read_data
from attnframe.errors import ConfigurationError, Fault, RunError
from attnframe.plan import RunPlan


@dataclass(frozen=True)
class Outcome:
    """One run and how it ended.

    Args:
        run: what was run. key: its name in the store.
        content: what `outcome.json` says; None while the run has not ended.
        cases: its answers to each test case; None where there are none.
    """

    run: Run
    key: str
    content: dict[str, Any] | None
    cases: dict[str, Any] | None


@dataclass(frozen=True)
class Outcomes:
    """What a suite came to.

    Args:
        plan: what was to be run. runs: every run. refusals: pairs that cannot work, those found by running included.
        data: what is known of the data of each cell, by the cell's name.
    """

    plan: SuitePlan
    runs: tuple[Outcome, ...]
    refusals: tuple[Refusal, ...]
    data: dict[str, dict[str, Any]]


def with_data(plan: SuitePlan, store: Store) -> tuple[SuitePlan, dict[str, dict[str, Any]]]:
    """The cells whose data can be read, and hash, floor and protocol of the data of each.

    Data are read anew, so that those that changed are noticed. A cell whose data cannot be read becomes a refusal of
    `EVERY` variant.

    Raises:
        ConfigurationError: when no cell is left.
    """
    found: dict[str, dict[str, Any]] = {}
    by_data: dict[str, dict[str, Any] | ConfigurationError | RunError] = {}
    refusals = []
    for name, cell in plan.cells.items():
        place = data_key(cell.base)
        if place not in by_data:
            by_data[place] = _known(cell.base, store)
        known = by_data[place]
        if isinstance(known, dict):
            found[name] = known
        else:
            refusals.append(Refusal(name, EVERY, " ".join(str(known).split())))
    if not found:
        raise ConfigurationError(
            [Fault(f"cells.{one.cell}", "must have data that can be read", one.reason) for one in refusals]
        )
    cells = {name: cell for name, cell in plan.cells.items() if name in found}
    runs = tuple(run for run in plan.runs if run.cell in found)
    return SuitePlan(cells, runs, (*plan.refusals, *refusals)), found


EVERY = "every variant"
"""What the refusal of a whole cell names."""


def _known(plan: RunPlan, store: Store) -> dict[str, Any] | ConfigurationError | RunError:
    before = store.data(plan)
    try:
        fresh: dict[str, Any] | None = in_process(read_data, plan.values, before and before["data_hash"])
    except (ConfigurationError, RunError) as error:
        return error
    known = before if fresh is None and before is not None else fresh
    assert known is not None
    store.write_data(plan, known)
    return known


def execute(plan: SuitePlan, store: Store, data: dict[str, dict[str, Any]], hydra: Sequence[str] = ()) -> None:
    """Run what is not done yet.

    Args:
        plan: the suite. store: its folder. data: what `with_data` gave.
        hydra: overrides of Hydra that choose and set up a launcher.
    """
    keys = {run.key(data[run.cell]["data_hash"]): run for run in plan.runs}
    left = [key for key in keys if not _is_done(store.outcome(key))]
    for key in left:
        store.prepare(key, keys[key].plan)
    launch(store, left, hydra)


def collect(plan: SuitePlan, store: Store, data: dict[str, dict[str, Any]]) -> Outcomes:
    """What is in the store of a suite, whether or not all of it has been run."""
    runs, refusals = [], list(plan.refusals)
    for run in plan.runs:
        key = run.key(data[run.cell]["data_hash"])
        content = store.outcome(key)
        if content is not None and content["status"] == "refused":
            refusals.append(Refusal(run.cell, run.attention, content["error"]))
        else:
            runs.append(Outcome(run, key, content, store.cases(key)))
    return Outcomes(plan, tuple(runs), tuple(dict.fromkeys(refusals)), data)


def _is_done(outcome: dict[str, Any] | None) -> bool:
    return outcome is not None and outcome["status"] != "failed"
