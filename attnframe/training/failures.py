"""Failures of a run in words: what happened and what to change."""

from __future__ import annotations

import math

from attnframe.errors import RunError
from attnframe.plan import RunPlan


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that memory ran out, on the CPU or an accelerator."""
    text = str(error)
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError)
        and ("out of memory" in text or "can't allocate memory" in text or "DefaultCPUAllocator" in text)
    )


def out_of_memory(plan: RunPlan) -> RunError:
    """The error of a run that ran out of memory, with what would need less."""
    size = plan.data.batch_size
    advice = []
    if size > 1:
        half = size // 2
        advice.append(
            f"data.batch_size={half} optim.accumulate={plan.optim.accumulate * 2} (the same steps of half-size batches)"
        )
    if not plan.trainer.activation_checkpointing:
        advice.append("trainer.activation_checkpointing=true (a third slower)")
    if plan.trainer.precision == "32" and plan.trainer.name == "gpu":
        advice.append("trainer.precision=bf16")
    advice.append(
        f"a smaller model: model.dim below {plan.parts.model.dim} or model.depth below {plan.parts.model.depth}"
    )
    return RunError(
        f"The run ran out of memory on trainer={plan.trainer.name} with data.batch_size={size}. Try: "
        + "; ".join(advice)
        + "."
    )


def not_finite(what: str, value: float, first: int, last: int, plan: RunPlan) -> RunError:
    """The error of a run whose loss left the numbers.

    Args:
        what: the loss that is not finite, e.g. ``train/loss``.
        value: what it is.
        first: last step at which it was known to be finite.
        last: step at which it was found.
        plan: the plan of the run.
    """
    said = "NaN" if math.isnan(value) else "infinite"
    advice = [f"optim.lr={plan.optim.lr / 10:g} (it is {plan.optim.lr:g})"]
    if plan.optim.gradient_clip is None or plan.optim.gradient_clip > 1:
        advice.append("optim.gradient_clip=1.0")
    if plan.optim.warmup < 0.05:
        advice.append("optim.warmup=0.1")
    if plan.trainer.precision != "32":
        advice.append("trainer.precision=32")
    advice.append("and look for NaN or huge values in the data")
    return RunError(f"{what} became {said} between steps {first} and {last}. Try: " + "; ".join(advice) + ".")
