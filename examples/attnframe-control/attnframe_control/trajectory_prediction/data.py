"""The data module: windows of tracks, seen from their last observed place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnframe.errors import DataError, Fault
from attnframe.plugin.data import DataModule
from attnframe_control.columns import Columns
from attnframe_control.trajectory_prediction.recipes import WalkData
from attnframe_control.trajectory_prediction.windows import Parts, Windows

PARTS = ("train", "val", "test")


class WalkModule(DataModule):
    """Facts: ``observed`` and ``horizon``. A batch is ``{"past": (n, O, 2), "future": (n, H, 2)}``, in the unit of the
    data, counted from the last place of `past`.

    Args:
        recipe: lengths and augmentation. read: reads the windows and cuts them into parts.
    """

    train: Columns
    val: Columns
    test: Columns

    def __init__(self, recipe: WalkData, read: Callable[[], Parts]) -> None:
        self.recipe, self.read = recipe, read

    def setup(self) -> None:
        recipe = self.recipe
        self.facts = recipe.nominal_facts()
        if self.known_facts is not None and self.known_facts != self.facts:
            known = self.known_facts
            raise DataError(
                [
                    Fault(f"data.{name}", f"must be {known[name]}, which the model was trained with", str(value))
                    for name, value in self.facts.items()
                    if value != known[name]
                ]
            )
        parts = self.read()
        windows = {name: getattr(parts, name) for name in PARTS}
        self.train, self.val, self.test = (_split(windows[name], recipe.observed) for name in PARTS)
        found = hashlib.sha256()
        for one in windows.values():
            found.update(np.ascontiguousarray(one).tobytes())
        self.digest = found.hexdigest()
        self.protocol = {
            "observed": recipe.observed,
            "horizon": recipe.horizon,
            "split": parts.cut,
            "windows": {name: len(one) for name, one in windows.items()},
            "paths": "one for each window",
        }

    def augment(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Half of the windows mirrored, and noise on what is seen."""
        past, future = batch["past"], batch["future"]
        if self.recipe.mirror:
            sides = torch.where(torch.rand(len(past), 1, 1, device=past.device) < 0.5, 1.0, -1.0)
            flip = torch.cat([torch.ones_like(sides), sides], 2)
            past, future = past * flip, future * flip
        if self.recipe.jitter:
            moved = torch.linalg.vector_norm(past.diff(dim=1), dim=2).mean(1)[:, None, None]
            deviation = self.recipe.jitter * torch.rand(len(past), 1, 1, device=past.device) * moved
            past = past + deviation * torch.randn_like(past)
            last = past[:, -1:]
            past, future = past - last, future - last
        return {"past": past, "future": future}

    def floor(self) -> dict[str, Any]:
        """Constant velocity, that from the last place but one to the last (Schöller et al. 2020,
        https://arxiv.org/abs/1903.07933).
        """
        past, future = (self.test.columns[name].double() for name in ("past", "future"))
        steps = torch.arange(1, future.shape[1] + 1, dtype=torch.float64)
        errors = torch.linalg.vector_norm((past[:, -1:] - past[:, -2:-1]) * steps[:, None] - future, dim=2)
        return {
            "name": "constant velocity",
            "test/ade": float(errors.mean()),
            "test/fde": float(errors[:, -1].mean()),
        }


def _split(windows: Windows, observed: int) -> Columns:
    relative = torch.from_numpy((windows - windows[:, observed - 1 : observed]).astype(np.float32))
    return Columns({"past": relative[:, :observed].clone(), "future": relative[:, observed:].clone()})
