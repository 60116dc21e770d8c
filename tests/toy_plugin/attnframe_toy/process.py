"""Training in a process of its own, to be killed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from attnframe.plan_from import plan_from_values
from attnframe.training import fit, run  # so that a server of forks has them ready

__all__ = ["fit", "resume_run", "train_run"]


def train_run(values: dict[str, Any], folder: Path) -> None:
    torch.set_num_threads(1)
    run.train(plan_from_values(values), folder)


def resume_run(folder: Path) -> None:
    torch.set_num_threads(1)
    run.resume(folder)
