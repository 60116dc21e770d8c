"""The one LightningModule: it drives the task module of any plugin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor

from attnframe.plan import RunPlan
from attnframe.plugin.task_module import TaskModule
from attnframe.training.average import WeightAverage
from attnframe.training.batches import batch_length
from attnframe.training.budget import Budget
from attnframe.training.layer_watch import LayerWatch
from attnframe.training.monitor import BestSoFar
from attnframe.training.optimiser import build_optimiser
from attnframe.training.schedule import rate_factor


@dataclass
class Progress:
    """How far a run is.

    Args:
        batches: training batches seen. steps: optimiser steps done. examples: training examples seen.
        unlogged: batches whose loss is not in the log yet, only in `loss_sum`.
        seconds: wall time of the fit up to the last stop of the clock.
        training_seconds: the part of it that went into training steps.
        data_wait: the largest share of an epoch's time that went into waiting for batches.
    """

    batches: int = 0
    steps: int = 0
    examples: int = 0
    unlogged: int = 0
    seconds: float = 0.0
    training_seconds: float = 0.0
    data_wait: float = 0.0


class LightningTask(pl.LightningModule):
    """Loss, gradients, clipping, optimiser step, learning rate and weight average of one run.

    Optimisation is manual: a batch costs what these lines cost. Validation, logs and checkpoints are the conductor's
    part.

    Args:
        task: the task's module.
        plan: the run.
        batches_per_epoch: training batches an epoch.
        pretrained: names of the parameters that another run's checkpoint gave.

    Attributes:
        loss_sum: sum of the losses of the batches that are not in the log yet; `norm_sum` of their gradients' norms,
            where these are
            clipped by norm. Both stay on the device, so a step waits for nothing.
        watch: looks at single layers; None for nobody.
    """

    def __init__(self, task: TaskModule, plan: RunPlan, batches_per_epoch: int, pretrained: Sequence[str] = ()) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.pretrained = pretrained
        self.task = task
        self.optim = plan.optim
        self.batches_per_epoch = batches_per_epoch
        self.accumulate = min(plan.optim.accumulate, batches_per_epoch)
        self.steps_per_epoch = -(-batches_per_epoch // self.accumulate)
        self.budget = Budget.of(plan.trainer, self.steps_per_epoch)
        self.progress = Progress()
        self.best = BestSoFar()
        self.average: WeightAverage | None = None
        self.watch: LayerWatch | None = None
        self.optimiser: torch.optim.Adam
        self.loss = torch.compile(task.loss) if plan.trainer.compile else task.loss
        self.loss_sum: Tensor
        self.norm_sum: Tensor
        self._trained = [parameter for parameter in task.parameters() if parameter.requires_grad]
        self._clock = 0.0

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """The optimiser; made here because the weights are on their device by now."""
        self.optimiser = build_optimiser(self.task, self.optim, self.pretrained)
        self.loss_sum, self.norm_sum = torch.zeros((), device=self.device), torch.zeros((), device=self.device)
        if self.optim.ema:
            self.average = WeightAverage(self.task, self.optim.ema)
        return self.optimiser

    def start_clock(self) -> None:
        """Begin to count the time of the fit."""
        self._clock = perf_counter() - self.progress.seconds

    def seconds(self) -> float:
        """Wall time of the fit so far."""
        return perf_counter() - self._clock

    def training_step(self, batch: Any, batch_idx: int) -> None:
        """One batch, and an optimiser step when enough of them are accumulated; an epoch's last step may have fewer."""
        progress, accumulate = self.progress, self.accumulate
        number = progress.batches % self.batches_per_epoch
        first = number - number % accumulate
        in_step = min(accumulate, self.batches_per_epoch - first)

        if self.watch is not None:
            self.watch.begin(progress.steps + 1)
        loss, _ = self.loss(batch)
        torch.autograd.backward(loss if in_step == 1 else loss / in_step)

        self.loss_sum.add_(loss.detach())
        progress.unlogged += 1
        progress.batches += 1
        progress.examples += batch_length(batch)
        if number == first + in_step - 1:
            self._step()

    def _step(self) -> None:
        optim, optimiser, progress = self.optim, self.optimiser, self.progress
        if self.watch is not None:
            self.watch.end()
        if optim.gradient_clip is not None:
            if optim.gradient_clip_by == "norm":
                self.norm_sum.add_(torch.nn.utils.clip_grad_norm_(self._trained, optim.gradient_clip))
            else:
                torch.nn.utils.clip_grad_value_(self._trained, optim.gradient_clip)
        rate = self.learning_rate()
        for group in optimiser.param_groups:
            group["lr"] = rate * group["ratio"]
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        progress.steps += 1
        if self.average is not None:
            self.average.update(progress.steps)

    def learning_rate(self) -> float:
        """The learning rate of the next step."""
        share = self.budget.share(self.progress.steps + 0.5, self.seconds())
        return self.optim.lr * rate_factor(self.optim, share, self.best.plateaus)
