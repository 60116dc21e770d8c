"""What happens between the steps of a fit: logs, validation, checkpoints, the end."""

from __future__ import annotations

import logging
import math
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from time import perf_counter
from typing import Any

import pytorch_lightning as pl
import torch

from attnframe.plan import RunPlan
from attnframe.plugin.data import Split
from attnframe.runs.folder import RunFolder
from attnframe.runs.metrics_log import MetricsLog
from attnframe.training.average import WeightAverage
from attnframe.training.batches import BatchStream
from attnframe.training.checkpoint import Checkpoint
from attnframe.training.failures import not_finite
from attnframe.training.interrupts import Interrupts
from attnframe.training.layer_watch import LayerWatch
from attnframe.training.lightning import LightningTask, Progress
from attnframe.training.monitor import BestSoFar
from attnframe.training.progress_bar import ProgressBar
from attnframe.training.random_state import random_state, restore_random_state
from attnframe.training.scoring import score

log = logging.getLogger(__name__)


class Conductor(pl.Callback):
    """Watches the steps of one fit and does what is due after each.

    A checkpoint is only written between steps, after whatever was due at that step, so a resumed run has nothing to
    catch up on.

    Args:
        module: the module in training.
        plan: the run.
        folder: its folder.
        stream: the batches it trains on.
        val: validation examples.
        interrupts: tells whether the user wants to stop.
        state: `training` of the checkpoint that the run goes on from; None for a new run.
    """

    def __init__(
        self,
        module: LightningTask,
        plan: RunPlan,
        folder: RunFolder,
        stream: BatchStream,
        val: Split,
        interrupts: Interrupts,
        state: dict[str, Any] | None,
    ) -> None:
        self.module = module
        self.plan = plan
        self.folder = folder
        self.stream = stream
        self.val = val
        self.interrupts = interrupts
        self.state = state
        self.finished = False
        columns = [
            "step",
            "epoch",
            "seconds",
            "lr",
            "train/loss",
            "train/gradient_norm",
            "val/loss",
            *(f"val/{name}" for name in module.task.metrics()),
        ]
        every = plan.trainer.validate_every_steps
        self._validate_every = every or plan.trainer.validate_every_epochs * module.steps_per_epoch
        self._log_every = plan.trainer.log_every_steps
        if plan.trainer.watch_layers:
            module.watch = LayerWatch(module.task, self._is_due)
            columns += module.watch.columns
        self.metrics_log = MetricsLog(folder.metrics, columns, 0 if state is None else state["metrics_log_bytes"])
        self.bar = ProgressBar(plan.task.monitor.metric, enabled=plan.trainer.progress)
        self._clips_norms = plan.optim.gradient_clip is not None and plan.optim.gradient_clip_by == "norm"
        self._known_finite = 0
        self._logged = 0
        self._saved_at = 0.0
        self._step = 0
        self._step_began = 0.0

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Go on from a checkpoint where there is one; then the clock runs."""
        if self.state is not None:
            self._restore(self.state)
        self._step = self._known_finite = self.module.progress.steps
        self.module.start_clock()
        self._saved_at = self._step_began = perf_counter()
        self.bar.start()

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Do what is due after a step, as cheaply as nothing when nothing is."""
        module = self.module
        step = module.progress.steps
        if step == self._step:
            return
        self._step = step
        seconds = module.seconds()
        ends = module.budget.is_used_up(step, seconds)
        validates = ends or step % self._validate_every == 0
        logs = validates or step % self._log_every == 0
        saves = perf_counter() - self._saved_at >= self.plan.trainer.checkpoint_every_seconds
        if not (logs or saves or self.interrupts.asked):
            self.bar.update(step, module.budget, seconds)
            return

        module.progress.training_seconds += perf_counter() - self._step_began
        row = self._training_row(seconds) if logs else {}
        if validates:
            row |= self._validate(step)
        if row:
            self._write(trainer, row)
        patience = self.plan.trainer.patience
        self.finished = ends or (patience is not None and module.best.stale >= patience)
        if self.finished or self.interrupts.asked:
            self._stop(trainer)
        if saves or self.finished or self.interrupts.asked:
            self._save_last()
        self.bar.update(step, module.budget, seconds, self.module.best.metrics)
        self._step_began = perf_counter()

    def on_exception(self, trainer: pl.Trainer, pl_module: pl.LightningModule, exception: BaseException) -> None:
        """Take the bar away when a step raises."""
        self.bar.stop()

    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Take the bar away at the end."""
        self.bar.stop()

    def _is_due(self, step: int) -> bool:
        """Whether a step's row is sure to be written, whatever the clock says."""
        return step % self._validate_every == 0 or step % self._log_every == 0 or step == self.module.budget.steps

    def _stop(self, trainer: pl.Trainer) -> None:
        trainer.should_stop = True
        if not self.folder.best.exists():
            self._save_best({})

    def _training_row(self, seconds: float) -> dict[str, float]:
        """The row of what was trained since the last row."""
        module = self.module
        progress = module.progress
        loss_sum, norm_sum = self._finite_sums()
        row = {
            "step": progress.steps,
            "epoch": round(progress.batches / module.batches_per_epoch, 4),
            "seconds": round(seconds, 3),
            "lr": module.optimiser.param_groups[0]["lr"],
            "train/loss": loss_sum / progress.unlogged,
        }
        if self._clips_norms:
            row["train/gradient_norm"] = norm_sum / (progress.steps - self._logged)
        if module.watch is not None:
            row |= module.watch.take()
        module.loss_sum.zero_()
        module.norm_sum.zero_()
        progress.unlogged = 0
        self._logged = progress.steps
        return row

    def _finite_sums(self) -> tuple[float, float]:
        """The sums of losses and gradient norms since the last row, read from the device at once.

        Raises:
            RunError: when either is not finite.
        """
        module = self.module
        step = module.progress.steps
        sums = torch.stack([module.loss_sum, module.norm_sum]).tolist()
        for name, value in zip(("train/loss", "train/gradient_norm"), sums, strict=True):
            if not math.isfinite(value):
                raise not_finite(name, value, self._known_finite, step, self.plan)
        self._known_finite = step
        return sums[0], sums[1]

    def _validate(self, step: int) -> dict[str, float]:
        module, plan = self.module, self.plan
        with self._averaged():
            metrics = score(
                module.task,
                self.val,
                "val",
                batch_size=plan.data.batch_size,
                trainer=plan.trainer,
                after_batch=self.interrupts.check,
            )
            module.task.train()
            if not math.isfinite(metrics["val/loss"]):
                raise not_finite("val/loss", metrics["val/loss"], max(module.best.validated_step, 0), step, plan)
            if module.best.update(plan.task.monitor, metrics, step, plan.optim.plateau_patience):
                self._save_best(metrics)
        shown = "  ".join(f"{name} {value:.4f}" for name, value in metrics.items())
        log.info("step %d  %s", step, shown)
        return metrics

    def _write(self, trainer: pl.Trainer, row: dict[str, float]) -> None:
        self.metrics_log.append(row)
        for logger in trainer.loggers:
            logger.log_metrics({name: value for name, value in row.items() if name != "step"}, step=int(row["step"]))

    def _averaged(self) -> AbstractContextManager[None]:
        """The averaged weights in place, where the run averages."""
        return nullcontext() if self.module.average is None else self.module.average.applied()

    def _save_best(self, metrics: dict[str, float]) -> None:
        """Write best.ckpt with the weights in place."""
        self._checkpoint(metrics, None).save(self.folder.best)

    def _save_last(self) -> None:
        module = self.module
        self._finite_sums()  # broken weights are not saved
        module.progress.seconds = module.seconds()
        module.progress.data_wait = max(module.progress.data_wait, self.stream.data_wait)
        training = {
            "finished": self.finished,
            "epochs": round(module.progress.batches / module.batches_per_epoch, 4),
            "progress": asdict(module.progress),
            "best": asdict(module.best),
            "pretrained": list(module.pretrained),
            "loss_sum": module.loss_sum,
            "norm_sum": module.norm_sum,
            "logged": self._logged,
            "optimiser": module.optimiser.state_dict(),
            "weights": None
            if module.average is None
            else [parameter.detach() for parameter in module.average.parameters],
            "random": random_state(),
            "metrics_log_bytes": self.metrics_log.size(),
        }
        with self._averaged():
            self._checkpoint(module.best.metrics, training).save(self.folder.last)
        self._saved_at = perf_counter()

    def _checkpoint(self, metrics: dict[str, float], training: dict[str, Any] | None) -> Checkpoint:
        return Checkpoint(
            values=self.plan.values,
            overrides=self.plan.overrides,
            facts=self.module.task.facts,
            state=dict(self.module.task.state_dict()),
            step=self.module.progress.steps,
            metrics=metrics,
            training=training,
        )

    def _restore(self, state: dict[str, Any]) -> None:
        """Put everything back to where a checkpoint was written; the module's weights are already those of the
        checkpoint."""
        module = self.module
        module.progress = Progress(**state["progress"])
        module.best = BestSoFar(**state["best"])
        module.loss_sum.copy_(state["loss_sum"])
        module.norm_sum.copy_(state["norm_sum"])
        self._logged = state["logged"]
        module.optimiser.load_state_dict(state["optimiser"])
        if module.average is not None:
            restore_weights(module.average, state["weights"])
        restore_random_state(state["random"])


def restore_weights(average: WeightAverage, weights: list[torch.Tensor]) -> None:
    """Split what a checkpoint of an averaging run holds: its module weights are the averages, `weights` those in
    training."""
    with torch.no_grad():
        for held, parameter, weight in zip(average.averages, average.parameters, weights, strict=True):
            held.copy_(parameter)
            parameter.copy_(weight)
