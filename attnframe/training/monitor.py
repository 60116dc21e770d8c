"""The main metric over a run: which validation was the best, and for how long none has been better."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from attnframe.plugin.contract import Monitor


@dataclass
class BestSoFar:
    """Counts of the validations of a run.

    Args:
        best: the best value of the main metric; None before the first validation.
        best_loss: the loss beside it; of equal values the one with the lower loss is better.
        best_step: the step it was reached at.
        stale: validations since then.
        stalled: validations since the best one or the last plateau.
        plateaus: how often `plateau` validations went by without a better one.
        validated_step: step of the last validation; -1 before the first.
        metrics: what the last validation gave.
    """

    best: float | None = None
    best_loss: float = math.inf
    best_step: int = -1
    stale: int = 0
    stalled: int = 0
    plateaus: int = 0
    validated_step: int = -1
    metrics: dict[str, float] = field(default_factory=dict)

    def update(self, monitor: Monitor, metrics: dict[str, float], step: int, plateau_patience: int) -> bool:
        """Take in a validation; True when it is the best one so far.

        Args:
            monitor: the main metric and its direction.
            metrics: every metric of the validation, named ``val/...``.
            step: optimiser steps done.
            plateau_patience: validations without improvement that make a plateau.
        """
        self.metrics, self.validated_step = metrics, step
        value, loss = metrics[f"val/{monitor.metric}"], metrics["val/loss"]
        better = (
            self.best is None
            or math.isnan(self.best)
            or (value > self.best if monitor.mode == "max" else value < self.best)
            or (value == self.best and loss < self.best_loss)
        )
        if better:
            self.best, self.best_loss, self.best_step, self.stale, self.stalled = value, loss, step, 0, 0
        else:
            self.stale += 1
            self.stalled += 1
            if self.stalled == plateau_patience:
                self.plateaus += 1
                self.stalled = 0
        return better
