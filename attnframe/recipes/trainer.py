"""Settings of the training loop. Torch-free."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.recipe import AtLeast, Recipe, frozen


@frozen
class TrainerRecipe(Recipe):
    """Where and how long to train.

    Args:
        name: place: ``cpu`` or ``gpu``.
        max_epochs: budget in passes over the training data; null for none.
        max_steps: budget in optimiser steps; null for none.
        max_time: budget in wall time of the fit, DD:HH:MM:SS; null for none.
        precision: ``32`` or ``bf16`` (mixed).
        compile: compile the model with `torch.compile`.
        activation_checkpointing: recompute the blocks' activations in the backward pass to save memory.
        log_every_steps: steps between rows of metrics.csv.
        validate_every_epochs: epochs between validations.
        validate_every_steps: steps between validations, instead of epochs; null for epochs.
        shortest_first: epochs at the beginning whose batches come from the shortest examples to the longest, where data
            have lengths (SortaGrad, Amodei et al. 2016, https://arxiv.org/abs/1512.02595).
        checkpoint_every_seconds: seconds between writes of last.ckpt, within an epoch too; 0 writes at every step.
        patience: validations without improvement before the run stops early; null for never.
        limit_batches: batches per epoch of train, val and test, for debugging; null for all.
        overfit_batches: train, validate and test on this many training batches, for debugging; 0 for off.
        profile: write a profile of the run to its folder.
        watch_layers: log the gradient norm and the size of the attention logits of each layer; it changes no bit.
        progress: show the progress bar.
    """

    where: ClassVar[str] = "trainer"

    name: Literal["cpu", "gpu"] = "cpu"
    max_epochs: Annotated[int, AtLeast(1)] | None = None
    max_steps: Annotated[int, AtLeast(1)] | None = None
    max_time: str | None = "00:00:10:00"
    precision: Literal["32", "bf16"] = "32"
    compile: bool = False
    activation_checkpointing: bool = False
    log_every_steps: Annotated[int, AtLeast(1)] = 50
    validate_every_epochs: Annotated[int, AtLeast(1)] = 1
    validate_every_steps: Annotated[int, AtLeast(1)] | None = None
    shortest_first: Annotated[int, AtLeast(0)] = 0
    checkpoint_every_seconds: Annotated[float, AtLeast(0)] = 60.0
    patience: Annotated[int, AtLeast(1)] | None = None
    limit_batches: Annotated[int, AtLeast(1)] | None = None
    overfit_batches: Annotated[int, AtLeast(0)] = 0
    profile: bool = False
    watch_layers: bool = False
    progress: bool = True

    def faults(self) -> Iterable[Fault]:
        if self.max_time is not None and not re.fullmatch(r"\d{1,3}:[0-2]?\d:[0-5]?\d:[0-5]?\d", self.max_time):
            yield self.fault("max_time", "must be DD:HH:MM:SS", "Try '00:00:10:00' for ten minutes.")
        if self.max_epochs is None and self.max_steps is None and self.max_time is None:
            yield self.fault("max_epochs", "must be given when max_steps and max_time are null")
        if self.watch_layers and self.compile:
            yield self.fault("watch_layers", "must be false with compile=true, which lets nobody look inside")
