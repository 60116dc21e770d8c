"""The last validation pass: one example batch through the model on the meta device, where nothing is computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import torch

from attnframe.errors import ConfigurationError, Fault
from attnframe.plan import RunPlan

T = TypeVar("T")
BATCH_SIZE = 2


def dry_run(plan: RunPlan) -> None:
    """Build the module of a plan on the meta device and take the loss of one example batch; reads no data.

    Raises:
        ConfigurationError: naming the part that failed: the facts, the module, the example batch or the loss.
    """
    parts = plan.parts
    chosen = f"attention={parts.attention.name} position={parts.position.name}"
    where = f"task={plan.task.name} data={plan.data.name} {chosen}"

    def attempt(what: str, work: Callable[[], T]) -> T:
        try:
            return work()
        except ConfigurationError:
            raise
        except Exception as error:  # a plugin may fail in any way here, and the user shall see which part it was
            text = " ".join(str(error).split())
            got = f"{type(error).__name__}: {text}"
            raise ConfigurationError(Fault(f"{what} ({where})", "must work on the meta device", got[:400])) from error

    facts = attempt("the nominal facts of the data", plan.data.nominal_facts)
    with torch.device("meta"), torch.random.fork_rng(devices=[]):
        module = attempt("building the module", lambda: plan.task.build(plan.parts, facts))
        batch = attempt("the example batch", lambda: module.example_batch(BATCH_SIZE, "meta"))
        loss, _ = attempt("the loss of an example batch", lambda: module.loss(batch))
    if loss.dim() != 0:
        raise ConfigurationError(
            Fault(f"the loss of an example batch ({where})", "must be a scalar", f"shape {tuple(loss.shape)}")
        )
