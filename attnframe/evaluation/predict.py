"""Prediction from a checkpoint on a user's own input."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from attnframe.evaluation.records import check_output, write_records
from attnframe.plan import RunPlan
from attnframe.plugin.task_module import TaskModule
from attnframe.recipe import construct
from attnframe.training.checkpoint import load_checkpoint
from attnframe.training.random_state import seed_everything


def predict(
    checkpoint: Path | str,
    source: str,
    output: Path | str | None = None,
    options: Mapping[str, Any] | None = None,
    seed: int | None = None,
) -> list[dict[str, Any]]:
    """Predict for a file, a folder or a text.

    Args:
        checkpoint: the checkpoint file.
        source: what to predict for; the task reads it.
        output: a ``.jsonl`` or ``.csv`` file, written atomically, with pictures beside it where the task draws them;
            None for no file.
        options: fields of the task's `PredictRecipe`.
        seed: seed of what the task draws at random; None for the run's.

    Returns:
        One plain record an input, ``input`` first.

    Raises:
        CheckpointError: when the checkpoint cannot be used.
        DataError: with every input that cannot be read.
        ConfigurationError: when an option is wrong or the ending of `output` is neither.
    """
    target = None if output is None else check_output(Path(output))
    loaded = load_checkpoint(checkpoint)
    module = loaded.build()
    records = records_for(loaded.plan, module, source, options or {}, seed)
    if target is not None:
        write_records(records, target)
        module.save_pictures(records, target.parent / f"{target.stem}_pictures")
    return records


def records_for(
    plan: RunPlan, module: TaskModule, source: str | list[Any], options: Mapping[str, Any], seed: int | None = None
) -> list[dict[str, Any]]:
    """Predict with a module that is built already.

    Args:
        plan: the plan that it was built from.
        module: the module, in evaluation mode.
        source: a file, a folder or a text; or contents in memory, in the form that the task's `read_inputs` gives them.
        options: fields of the task's `PredictRecipe`.
        seed: as `predict`.
    """
    recipe = construct(plan.task.predict, dict(options))
    if isinstance(source, str):
        inputs = module.read_inputs(source, recipe)
    else:
        inputs = [(str(number), content) for number, content in enumerate(source)]
    seed_everything(plan.seed if seed is None else seed)
    with torch.no_grad():
        return list(module.predict(inputs, recipe))
