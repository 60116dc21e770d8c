"""Reruns a recorded baseline with another seed and compares."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from attnframe.baselines.process import in_process
from attnframe.baselines.registry import Baseline
from attnframe.baselines.runs import joined
from attnframe.baselines.user_files import remove_files, with_files
from attnframe.baselines.work import read_data, train_run
from attnframe.errors import ConfigurationError, Fault
from attnframe.runs.folder import RunFolder


@dataclass(frozen=True)
class Verified:
    """What a rerun came to.

    Args:
        row: what was rerun. seed: with which seed.
        data_hash: of the data here. value: the metric here; None when the data are others, so nothing was run.
        outcome: everything that is known of the run.
    """

    row: Baseline
    seed: int
    data_hash: str
    value: float | None
    outcome: dict[str, Any]

    @property
    def verdict(self) -> Literal["within", "outside", "other data"]:
        """Whether the rerun agrees with the record."""
        if self.value is None:
            return "other data"
        return "within" if abs(self.value - self.row.expected) <= self.row.tolerance else "outside"


def verify(row: Baseline, folder: Path, seed: int | None = None) -> Verified:
    """Rerun one row.

    Args:
        row: of the registry. folder: the run folder.
        seed: None for one that was not recorded.

    Raises:
        ConfigurationError: when the row cannot be rerun here.
        RunError: when its run failed.
    """
    from attnframe.config.check import check

    if row.record is None:
        works = f"Record it: attnframe baselines record {row.name}."
        raise ConfigurationError(Fault(f"baseline {row.name}", "has no record to compare with", "", works))
    if seed is None:
        seed = 1 + max(one["seed"] for one in row.record["runs"])
    overrides = with_files(row.definition, folder)
    words = joined(overrides, [row.definition.repeated[0]], [f"seed={seed}", "trainer.progress=false", "floor=false"])
    plan = check(words).plans[0]
    known = in_process(read_data, plan.values, row.data_hash, False)
    if known is not None:
        remove_files(folder)
        return Verified(row, seed, known["data_hash"], None, {})
    RunFolder(folder).begin(plan.values, plan.overrides)
    outcome = in_process(train_run, folder, log=folder / "output.txt")
    return Verified(row, seed, outcome["data_hash"], outcome["metrics"][row.definition.metric], outcome)
