"""The data module: a table, split at random and standardised by its training rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import RidgeCV

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe.plugin.data import DataModule
from attnframe.plugin.splitting import TEST, TRAIN, VAL, complete_parts
from attnframe_control.columns import Columns
from attnframe_control.motor_control.recipes import MotorData
from attnframe_control.motor_control.table import Table


class MotorModule(DataModule):
    """Facts: ``features`` (names) with ``mean`` and ``std`` of each, ``target`` with ``target_mean`` and
    ``target_std``. A batch is ``{"inputs": (n, F), "targets": (n,)}``, standardised.

    Args:
        recipe: how the table is split. read: reads the table, given the facts of the model that is evaluated or None.
    """

    train: Columns
    val: Columns
    test: Columns

    def __init__(self, recipe: MotorData, read: Callable[[Facts | None], Table]) -> None:
        self.recipe, self.read = recipe, read

    def setup(self) -> None:
        table = self.read(self.known_facts)
        count = len(table.targets)
        parts = complete_parts(np.full(count, TRAIN, np.uint8), np.zeros(count, np.int64), self.recipe.split)
        if self.known_facts is None:
            self.facts = _facts(table, parts == TRAIN)
        elif list(table.features) == self.known_facts["features"]:
            self.facts = self.known_facts
        else:
            must = f"must have the columns that the model reads: {', '.join(self.known_facts['features'])}"
            raise DataError(Fault(f"data={self.recipe.name}", must, ", ".join(table.features)))
        inputs = (table.inputs - np.array(self.facts["mean"])) / np.array(self.facts["std"])
        targets = (table.targets - self.facts["target_mean"]) / self.facts["target_std"]
        whole = Columns({"inputs": torch.from_numpy(inputs).float(), "targets": torch.from_numpy(targets).float()})
        self.train, self.val, self.test = (
            whole.part(torch.from_numpy(np.flatnonzero(parts == part))) for part in (TRAIN, VAL, TEST)
        )
        self.digest = table.digest
        rows = {name: len(part) for name, part in (("train", self.train), ("val", self.val), ("test", self.test))}
        self.protocol = {"split": "at random, seed 0", "rows": rows}

    def floor(self) -> dict[str, Any]:
        """Ridge regression, its penalty chosen by leave-one-out on the training rows."""
        ridge = RidgeCV(alphas=10.0 ** np.arange(-4, 4))
        ridge.fit(self.train.columns["inputs"].numpy(), self.train.columns["targets"].numpy())
        errors = ridge.predict(self.test.columns["inputs"].numpy()) - self.test.columns["targets"].numpy()
        errors = errors.astype(np.float64) * self.facts["target_std"]
        return {
            "name": "ridge regression",
            "test/rmse": float(np.sqrt(np.square(errors).mean())),
            "test/mae": float(np.abs(errors).mean()),
        }


def _facts(table: Table, train: Any) -> Facts:
    inputs, targets = table.inputs[train], table.targets[train]
    deviation = inputs.std(0)
    return {
        "features": list(table.features),
        "mean": inputs.mean(0).tolist(),
        "std": np.where(deviation > 0, deviation, 1.0).tolist(),
        "target": table.target,
        "target_mean": float(targets.mean()),
        "target_std": float(targets.std()) or 1.0,
    }
