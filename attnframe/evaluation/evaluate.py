"""Evaluation of a checkpoint, from the checkpoint alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from attnframe.errors import ConfigurationError, DataError, Fault
from attnframe.plan import RunPlan
from attnframe.plan_from import plan_from_values
from attnframe.plugin.contract import Facts
from attnframe.training.batches import Splits
from attnframe.training.checkpoint import Loaded, load_checkpoint
from attnframe.training.scoring import device_faults, test_metrics

REPLACEABLE = ("data", "trainer", "data_dir", "seed")
"""What may be changed in an evaluation; the rest is the model's and stays as it was trained."""


def evaluate(checkpoint: Path | str, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Test metrics of a checkpoint, the same bits as at the end of its run.

    Args:
        checkpoint: the file.
        changes: values to replace in its configuration, e.g. ``{"data": {"path": "other/"}}``. A node that names
            another option (``{"data": {"name": "cifar10", ...}}``) replaces the whole node; other fields are laid over
            it.

    Returns:
        ``checkpoint``, ``plugin``, ``task``, ``attention``, ``data``, ``examples``, ``protocol``, ``step``,
        ``seconds`` and ``metrics``.

    Raises:
        CheckpointError: when the checkpoint cannot be used.
        DataError: when the data is wrong, or not of the kind that the checkpoint knows.
        ConfigurationError: when a change is not possible.
    """
    loaded = load_checkpoint(checkpoint)
    plan = changed_plan(loaded.plan, changes or {})
    faults = [*device_faults(plan.trainer)]
    if faults:
        raise ConfigurationError(faults)
    began = perf_counter()
    data = plan.data.build(data_dir=plan.data_dir, cache_dir=plan.cache_dir, seed=plan.seed)
    data.known_facts = loaded.content.facts
    data.setup()
    _check_facts(loaded, data.facts, plan)
    metrics = test_metrics(plan, loaded.build(), data, None)
    return {
        "checkpoint": str(loaded.path),
        "plugin": plan.plugin.name,
        "task": plan.task.name,
        "attention": plan.parts.attention.name,
        "data": plan.data.name,
        "examples": len(Splits.of(data, plan).test),
        "protocol": dict(data.protocol),
        "step": loaded.content.step,
        "seconds": round(perf_counter() - began, 3),
        "metrics": metrics,
    }


def changed_plan(plan: RunPlan, changes: Mapping[str, Any]) -> RunPlan:
    """The plan with some values replaced, checked anew.

    Raises:
        ConfigurationError: when a change is none of `REPLACEABLE`, or the outcome is wrong.
    """
    works = f"Possible: {', '.join(REPLACEABLE)}."
    wrong = [Fault(key, "cannot be changed in an evaluation", "", works) for key in changes if key not in REPLACEABLE]
    if wrong:
        raise ConfigurationError(wrong)
    values = dict(plan.values)
    for key, change in changes.items():
        before = values.get(key)
        if isinstance(change, Mapping) and isinstance(before, Mapping):
            other = "name" in change and change["name"] != before.get("name")
            values[key] = dict(change) if other else {**before, **change}
        else:
            values[key] = change
    return plan_from_values(values, plan.overrides)


def _check_facts(loaded: Loaded, facts: Facts, plan: RunPlan) -> None:
    known = loaded.content.facts
    differing = [name for name in {**known, **facts} if known.get(name) != facts.get(name)]
    if differing:
        raise DataError(
            [
                Fault(
                    f"data={plan.data.name}",
                    f"must have the {name} that the checkpoint was trained with: {_short(known.get(name))}",
                    _short(facts.get(name)),
                    "Choose data of the same kind, or train on this data.",
                )
                for name in differing
            ]
        )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 100 else text[:97] + "..."
