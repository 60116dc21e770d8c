"""Settings of optimisation. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.recipe import Above, AtLeast, Between, Recipe, frozen


@frozen
class OptimRecipe(Recipe):
    """AdamW or Adam with a schedule over the run's budget (epochs, steps or time, whichever is used up most).

    Args:
        name: ``adamw``, whose decay is apart from the gradient; or ``adam``, whose decay is added to the gradient, as
            the recipes of most graph networks have it.
        lr: peak learning rate.
        weight_decay: decay of matrices; biases, norms and embeddings are not decayed.
        betas: decay rates of the two moment estimates, each in [0, 1].
        eps: term added to the denominator.
        schedule: shape after the warm-up.
        warmup: share of the budget spent on a linear warm-up, in [0, 1].
        min_lr_ratio: last learning rate over the peak, for ``cosine``, ``linear`` and ``plateau``.
        pretrained_lr_ratio: learning rate of the weights that ``ckpt`` gave over that of the others, in [0, 1]; at 0
            they stay as they are.
        plateau_patience: validations without improvement before ``plateau`` divides the rate by 10.
        gradient_clip: largest gradient norm (or absolute value); null for none.
        gradient_clip_by: what is clipped.
        accumulate: batches whose gradients are added before a step.
        ema: decay of the averaged weights that are validated and saved, e.g. 0.999; 0 for none.
    """

    where: ClassVar[str] = "optim"

    name: Literal["adamw", "adam"] = "adamw"
    lr: Annotated[float, Above(0)] = 1e-3
    weight_decay: Annotated[float, AtLeast(0)] = 0.05
    betas: tuple[Annotated[float, Between(0, 1)], Annotated[float, Between(0, 1)]] = (0.9, 0.99)
    eps: Annotated[float, Above(0)] = 1e-8
    schedule: Literal["cosine", "linear", "inverse_sqrt", "plateau", "constant"] = "cosine"
    warmup: Annotated[float, Between(0, 1)] = 0.05
    min_lr_ratio: Annotated[float, Between(0, 1)] = 0.0
    pretrained_lr_ratio: Annotated[float, Between(0, 1)] = 1.0
    plateau_patience: Annotated[int, AtLeast(1)] = 3
    gradient_clip: Annotated[float, Above(0)] | None = 1.0
    gradient_clip_by: Literal["norm", "value"] = "norm"
    accumulate: Annotated[int, AtLeast(1)] = 1
    ema: Annotated[float, Between(0, 1)] = 0.0

    def faults(self) -> Iterable[Fault]:
        if self.ema == 1:
            yield self.fault("ema", "must be below 1, or the average never moves", "Try 0.999.")
        if self.schedule == "inverse_sqrt" and self.warmup == 0:
            yield self.fault("warmup", "must be above 0 with schedule=inverse_sqrt", "Try 0.05.")
