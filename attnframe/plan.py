"""The plan of one run: everything it depends on, as checked recipes. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from attnframe.plugin.contract import DataRecipe, Parts, Plugin, Task
from attnframe.recipes.optim import OptimRecipe
from attnframe.recipes.trainer import TrainerRecipe

LoggerName = Literal["csv", "tensorboard", "wandb", "mlflow"]


@dataclass(frozen=True)
class RunPlan:
    """One run, ready to be executed.

    Args:
        plugin: the plugin's declaration. task: the task's declaration.
        parts: attention, position and model recipes.
        data: data recipe.
        optim: optimisation recipe. trainer: training loop recipe.
        logger: extra loggers besides metrics.csv.
        seed: seed of weights, order and augmentation.
        floor: whether the simple method is computed. control: whether `attention=none` is trained beside.
        ckpt: the checkpoint whose weights the run begins with; None for fresh ones.
        data_dir: root of the datasets. cache_dir: root of derived files.
        values: the resolved configuration that this plan was made from, plain values only.
        overrides: the overrides as typed.
    """

    plugin: Plugin
    task: Task
    parts: Parts
    data: DataRecipe
    optim: OptimRecipe
    trainer: TrainerRecipe
    logger: tuple[LoggerName, ...]
    seed: int
    floor: bool
    control: bool
    ckpt: Path | None
    data_dir: Path
    cache_dir: Path
    values: dict[str, Any]
    overrides: tuple[str, ...] = field(default=())
