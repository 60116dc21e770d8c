"""Loggers besides metrics.csv: Lightning's own, made by name."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from attnframe.errors import Fault
from attnframe.plan import LoggerName, RunPlan
from attnframe.runs.folder import RunFolder

if TYPE_CHECKING:
    from pytorch_lightning.loggers import Logger

PACKAGES: dict[LoggerName, str] = {"tensorboard": "tensorboard", "wandb": "wandb", "mlflow": "mlflow"}


def logger_faults(names: Sequence[LoggerName]) -> Iterable[Fault]:
    """A fault for each logger whose package is missing."""
    for name in names:
        package = PACKAGES.get(name)
        if package is not None and importlib.util.find_spec(package) is None:
            yield Fault(
                "logger",
                "must be one whose package is installed",
                name,
                f"Install it: pip install 'attnframe[{name}]'.",
            )


def build_loggers(plan: RunPlan, folder: RunFolder, resumed_step: int | None) -> list[Logger]:
    """The loggers of a run; metrics.csv is always written and is none of them.

    Args:
        plan: the run. folder: its folder.
        resumed_step: step that the run goes on from; what was logged after it is dropped where the logger can. None
            for a new run.
    """
    found: list[Logger] = []
    name = folder.path.name
    for logger in plan.logger:
        if logger == "tensorboard":
            from pytorch_lightning.loggers import TensorBoardLogger

            purge = None if resumed_step is None else resumed_step + 1
            found.append(
                TensorBoardLogger(
                    folder.path, name="", version="tensorboard", default_hp_metric=False, purge_step=purge
                )
            )
        elif logger == "wandb":
            from pytorch_lightning.loggers import WandbLogger

            found.append(WandbLogger(name=name, id=name, project="attnframe", save_dir=folder.path, resume="allow"))
        elif logger == "mlflow":
            from pytorch_lightning.loggers import MLFlowLogger

            place = os.environ.get("MLFLOW_TRACKING_URI", f"sqlite:///{folder.path.resolve() / 'mlflow.db'}")
            found.append(MLFlowLogger(experiment_name="attnframe", run_name=name, tracking_uri=place))
    return found
