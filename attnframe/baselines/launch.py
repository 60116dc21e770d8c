"""Carries the runs of a suite to Hydra's launchers: one after another here, in parallel, or on a cluster."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from attnframe.baselines.process import in_process
from attnframe.baselines.store import Store
from attnframe.baselines.work import train_run
from attnframe.errors import ConfigurationError, Fault, RunError

if TYPE_CHECKING:
    from omegaconf import DictConfig

CONFIG = "cell"
"""The configuration of one job, conf/cell.yaml."""
LAUNCHERS = {
    "joblib": "hydra-joblib-launcher",
    "submitit_local": "hydra-submitit-launcher",
    "submitit_slurm": "hydra-submitit-launcher",
    "ray": "hydra-ray-launcher",
    "ray_aws": "hydra-ray-launcher",
    "rq": "hydra-rq-launcher",
}
"""The package that brings each launcher, where it is not Hydra's own."""
OWN = "basic"
"""Hydra's own launcher: one run after another."""


def launcher_faults(hydra: Sequence[str]) -> list[Fault]:
    """What is wrong with the overrides of Hydra: a launcher that is unknown or not installed."""
    found = []
    for word in hydra:
        key, _, name = word.lstrip("+").partition("=")
        if key == "hydra/launcher" and name not in (OWN, *LAUNCHERS):
            found.append(Fault(f"hydra/launcher={name}", "is not known", "", f"Known: {', '.join((OWN, *LAUNCHERS))}."))
        elif key == "hydra/launcher" and name != OWN:
            package = LAUNCHERS[name]
            if find_spec("hydra_plugins." + package.replace("-", "_")) is None:
                works = f"Install it: pip install {package}."
                found.append(Fault(f"hydra/launcher={name}", f"needs the package {package}", "", works))
        elif not key.startswith("hydra.launcher"):
            found.append(Fault(key, "has no meaning for baselines", "", "Possible: hydra/launcher, hydra.launcher.*."))
    return found


def launch(store: Store, keys: Sequence[str], hydra: Sequence[str] = ()) -> None:
    """Run what is left of a suite; each run's outcome is in the store when it has ended.

    Args:
        store: the folder of the suite, with the runs' folders prepared.
        keys: of the runs, in order.
        hydra: overrides of Hydra that choose and set up a launcher.
    """
    from attnframe.config.literal import literal
    from attnframe.config.program import through_hydra

    if keys:
        words = ["--multirun", f"run={','.join(keys)}", f"store={literal(str(store.path))}", f"total={len(keys)}"]
        if all(word.endswith(f"={OWN}") for word in hydra if word.lstrip("+").startswith("hydra/launcher")):
            # Hydra composes every job of a batch before the first is run, which takes minutes for hundreds of them.
            words.append("hydra.sweeper.max_batch_size=1")
        through_hydra([*words, *hydra], run_job, CONFIG)


def run_job(config: DictConfig) -> None:
    """Run what one job names, in a process of its own, and note the outcome."""
    from hydra.core.hydra_config import HydraConfig

    store, key = Store(Path(config.store)), str(config.run)
    folder = store.run_folder(key)
    began = perf_counter()
    try:
        outcome: dict[str, Any] = in_process(train_run, folder.path, log=folder.path / "output.txt")
    except ConfigurationError as error:
        outcome = {"status": "refused", "error": " ".join(map(str, error.faults))}
    except RunError as error:
        outcome = {"status": "failed", "error": str(error)}
    outcome["wall_seconds"] = round(perf_counter() - began, 1)
    store.write_outcome(key, outcome)
    shown = "ok" if outcome["status"] == "ok" else f"{outcome['status']}: {outcome['error']}"
    place = f"[{HydraConfig.get().job.num + 1}/{config.total}]"
    print(f"{place} {key}: {shown}, {outcome['wall_seconds']} s", file=sys.stderr, flush=True)
