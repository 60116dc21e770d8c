"""The metrics of a module on a split: used in the fit, after it, and by `attnframe evaluate`, so all three agree to
the bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor

from attnframe.errors import Fault
from attnframe.plan import RunPlan
from attnframe.plugin.data import DataModule, Split
from attnframe.plugin.task_module import TaskModule
from attnframe.recipes.trainer import TrainerRecipe
from attnframe.training.batches import Splits, batch_length, in_order, to_device
from attnframe.training.random_state import seed_everything


def device_of(trainer: TrainerRecipe) -> torch.device:
    """The device that a trainer recipe names."""
    return torch.device("cuda" if trainer.name == "gpu" else "cpu")


def device_faults(trainer: TrainerRecipe) -> Iterator[Fault]:
    """A fault when the device that a trainer recipe names is not there."""
    if trainer.name == "gpu" and not torch.cuda.is_available():
        yield Fault(
            "trainer=gpu",
            "needs a CUDA device that torch can use",
            "none",
            "Use trainer=cpu; attnframe doctor shows the devices.",
        )


def precision_of(trainer: TrainerRecipe) -> AbstractContextManager[Any]:
    """The precision that a trainer recipe names, as a context."""
    if trainer.precision == "bf16":
        return torch.autocast(device_of(trainer).type, torch.bfloat16)
    return nullcontext()


def score(
    module: TaskModule,
    split: Split,
    stage: str,
    *,
    batch_size: int,
    trainer: TrainerRecipe,
    after_batch: Callable[[], None] | None = None,
    look: Callable[[Any, Tensor], None] | None = None,
) -> dict[str, float]:
    """Loss (mean over the examples), metrics and, of the test part, final metrics, named ``stage/...``.

    The module is left in evaluation mode.

    Args:
        module: the module, on the trainer's device.
        split: the examples.
        stage: prefix of the names: val or test.
        batch_size: examples a batch.
        trainer: device, precision and limit of batches.
        after_batch: called after each batch.
        look: called with each batch and its outputs.
    """
    device = device_of(trainer)
    module.eval()
    module.final = stage == "test"
    metrics = {name: metric.to(device) for name, metric in module.metrics().items()}
    total, count = torch.zeros((), dtype=torch.float64, device=device), 0
    # no_grad rather than inference_mode: what a module caches here must stay usable in training
    with torch.no_grad():
        for batch in in_order(split, batch_size, trainer.limit_batches):
            on_device = to_device(batch, device)
            with precision_of(trainer):
                loss, outputs = module.loss(on_device)
            length = batch_length(on_device)
            total += loss.double() * length
            count += length
            outputs = outputs.float() if outputs.is_floating_point() else outputs
            module.update_metrics(metrics, on_device, outputs)
            if look is not None:
                look(on_device, outputs)
            if after_batch is not None:
                after_batch()
        with precision_of(trainer):
            whole = module.final_metrics() if module.final else {}
    scores = {f"{stage}/loss": total.item() / max(count, 1)}
    for name, metric in metrics.items():
        scores[f"{stage}/{name}"] = float(metric.compute())
    return scores | {f"{stage}/{name}": float(value) for name, value in whole.items()}


def test_metrics(
    plan: RunPlan, module: TaskModule, data: DataModule, look: Callable[[Any, Tensor], None] | None
) -> dict[str, float]:
    """The metrics of a module on the test examples, the same bits in every process.

    Args:
        plan: data, trainer and seed to evaluate with.
        module: the module; it is moved to the trainer's device.
        data: the data, set up.
        look: as in `score`; None for nobody.
    """
    seed_everything(plan.seed)
    module.to(device_of(plan.trainer))
    test = Splits.of(data, plan).test
    return score(module, test, "test", batch_size=plan.data.batch_size, trainer=plan.trainer, look=look)
