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


def known_data(plan: SuitePlan, store: Store) -> dict[str, dict[str, Any]]:
    """Hash, floor and protocol of the data of each cell, read anew so that data that changed are noticed.

    Raises:
        ConfigurationError: when data cannot be read.
    """
    found: dict[str, dict[str, Any]] = {}
    by_data: dict[str, dict[str, Any]] = {}
    for name, cell in plan.cells.items():
        place = data_key(cell.base)
        if place not in by_data:
            before = store.data(cell.base)
            fresh = in_process(read_data, cell.base.values, before and before["data_hash"])
            by_data[place] = before if fresh is None and before is not None else fresh
            store.write_data(cell.base, by_data[place])
        found[name] = by_data[place]
    return found


def execute(plan: SuitePlan, store: Store, data: dict[str, dict[str, Any]], hydra: Sequence[str] = ()) -> None:
    """Run what is not done yet.

    Args:
        plan: the suite. store: its folder. data: what `known_data` gave.
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
