"""A profile of some training steps, for `trainer.profile=true`."""

from __future__ import annotations

from typing import Any

import pytorch_lightning as pl
import torch
from torch.profiler import ProfilerActivity, profile, schedule

from attnframe.runs.atomic import write_text
from attnframe.runs.folder import RunFolder

SKIPPED, RECORDED = 5, 20


class StepProfile(pl.Callback):
    """Records `RECORDED` batches after the first `SKIPPED` ones: operators by time in profile.txt, their course in
    profile.json.

    Args:
        folder: the run folder.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if torch.cuda.is_available() else [])]
        plan = schedule(wait=SKIPPED - 1, warmup=1, active=RECORDED, repeat=1)
        self._profiler = profile(activities=activities, schedule=plan, on_trace_ready=self._write, acc_events=True)

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Begin to count batches."""
        self._profiler.start()

    def on_train_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Count a batch."""
        self._profiler.step()

    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """End; a run with fewer batches writes what it has."""
        self._profiler.stop()

    def _write(self, profiler: profile) -> None:
        table = profiler.key_averages().table(sort_by="self_cpu_time_total", row_limit=40)
        write_text(self.folder.path / "profile.txt", table)
        profiler.export_chrome_trace(str(self.folder.path / "profile.json"))
