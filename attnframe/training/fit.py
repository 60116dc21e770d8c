"""One fit: module, batches and conductor under Lightning's Trainer."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytorch_lightning as pl

from attnframe.blocks import checkpoint_activations
from attnframe.plan import RunPlan
from attnframe.plugin.data import DataModule
from attnframe.plugin.task_module import TaskModule
from attnframe.runs.folder import RunFolder
from attnframe.training.batches import BatchStream, Splits
from attnframe.training.checkpoint import Loaded
from attnframe.training.conductor import Conductor
from attnframe.training.failures import is_out_of_memory, out_of_memory
from attnframe.training.interrupts import Interrupts
from attnframe.training.lightning import LightningTask, Progress
from attnframe.training.loggers import build_loggers
from attnframe.training.profiling import StepProfile


def fit(
    plan: RunPlan,
    task: TaskModule,
    data: DataModule,
    folder: RunFolder,
    resumed: Loaded | None,
    pretrained: Sequence[str] = (),
) -> Progress:
    """Train a task module until its budget is used up or it stops early; best.ckpt and last.ckpt are there afterwards.

    Args:
        plan: the run.
        task: its module, with fresh weights or those of `resumed`.
        data: its data, set up.
        folder: where to write.
        resumed: last.ckpt of an earlier process of the same run; None for a new run.
        pretrained: names of the parameters of a new run that another's checkpoint gave.

    Raises:
        RunError: when memory runs out or a loss is not finite; the text says what to change.
        KeyboardInterrupt: after Ctrl-C; last.ckpt is written first unless it was pressed twice.
    """
    splits = Splits.of(data, plan)
    stream = BatchStream(
        splits.train,
        plan.data.batch_size,
        plan.seed,
        data.augment if splits.augmented else None,
        plan.data.num_workers,
        plan.trainer.limit_batches,
        plan.trainer.shortest_first,
    )
    checkpoint_activations(task, plan.trainer.activation_checkpointing)
    state = None if resumed is None else resumed.content.training
    if state is not None:
        stream.start, pretrained = state["progress"]["batches"], state["pretrained"]
    if plan.optim.pretrained_lr_ratio == 0:
        for name in pretrained:
            task.get_parameter(name).requires_grad_(False)
    module = LightningTask(task, plan, stream.batches_per_epoch, pretrained)
    with Interrupts() as interrupts, quiet_lightning():
        conductor = Conductor(module, plan, folder, stream, splits.val, interrupts, state)
        trainer = pl.Trainer(
            accelerator=plan.trainer.name,
            devices=1,
            precision="bf16-mixed" if plan.trainer.precision == "bf16" else "32-true",
            max_epochs=-1,
            logger=build_loggers(plan, folder, None if resumed is None else resumed.content.step),
            callbacks=[conductor, *([StepProfile(folder)] if plan.trainer.profile else [])],
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            default_root_dir=folder.path,
        )
        task.train()
        try:
            trainer.fit(module, stream)
        except SystemExit as error:  # what Lightning makes of a KeyboardInterrupt
            if interrupts.asked:
                raise KeyboardInterrupt from error
            raise
        except (RuntimeError, MemoryError) as error:
            if is_out_of_memory(error):
                raise out_of_memory(plan) from error
            raise
    if interrupts.asked and not conductor.finished:
        raise KeyboardInterrupt
    return module.progress


@contextmanager
def quiet_lightning() -> Iterator[None]:
    """Keep Lightning's tips and hints to itself; its errors pass."""
    loggers = [
        logging.getLogger(name)
        for name in ("pytorch_lightning", "lightning_fabric", "pytorch_lightning.utilities.rank_zero")
    ]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"pytorch_lightning.*|lightning_fabric.*")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
