"""What the processes of a suite do: read the data of a cell, and train one run. Torch-free until called."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from attnframe.baselines.store import CASES
from attnframe.plan_from import plan_from_values
from attnframe.runs.atomic import write_text
from attnframe.runs.environment import commit
from attnframe.runs.folder import RunFolder


def read_data(values: dict[str, Any], known: str | None, floor: bool = True) -> dict[str, Any] | None:
    """What a suite must know of some data: ``data_hash``, ``examples`` for test, ``protocol`` and the ``floor``; None
    when the data are the known ones.

    Args:
        values: the configuration of any run with the data.
        known: the hash of the data that are known already; None when none are.
        floor: whether the floor is computed.
    """
    plan = plan_from_values(values)
    data = plan.data.build(data_dir=plan.data_dir, cache_dir=plan.cache_dir, seed=0)
    data.setup()
    if data.digest == known:
        return None
    return {
        "data": plan.data.name,
        "data_hash": data.digest,
        "examples": len(data.test),
        "protocol": dict(data.protocol),
        "floor": (data.floor() or None) if floor else None,
    }


def train_run(path: Path) -> dict[str, Any]:
    """Train one run, or go on with it, in its folder; gives its outcome.

    Args:
        path: the run folder, with its configuration.
    """
    from attnframe.baselines.cases import test_cases
    from attnframe.baselines.cost import forward_flops
    from attnframe.training.dry_run import dry_run
    from attnframe.training.run import resume

    folder = RunFolder(path)
    values, overrides = folder.read_config()
    plan = plan_from_values(values, overrides)
    dry_run(plan)
    flops = forward_flops(plan)
    result = resume(path)
    cases = test_cases(plan, folder)
    if cases is not None:
        write_text(path / CASES, json.dumps(cases, ensure_ascii=False) + "\n")
    folder.last.unlink(missing_ok=True)  # the run is over, and best.ckpt is what is used
    kept = ("status", "position", "metrics", "parameters", "steps", "epochs", "seconds", "throughput", "error")
    return {
        **{name: result[name] for name in kept},
        "peak_memory_bytes": result["peak_memory_bytes"],
        "flops": flops,
        "commit": commit(),
        "data_hash": json.loads(folder.environment.read_text(encoding="utf-8"))["data_hash"],
        "threads": int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1),
    }
