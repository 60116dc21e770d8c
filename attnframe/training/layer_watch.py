"""Gradient norms and attention logits of each layer, for `trainer.watch_layers=true`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from attnframe.attention.mixer import Mixer
from attnframe.interpretation.logits import LogitSize, logit_size, scoring_mixers

NORM, LARGEST, LOG_SUM_EXP = "gradient_norm/", "max_logit/", "log_sum_exp/"


class LayerWatch:
    """Looks at the steps whose row goes into metrics.csv; every other step costs a test of a flag a layer.

    For each group of parameters (a block, or what stands outside of the blocks) the norm of its gradient before
    clipping, and for each attention layer that makes weights from scores the largest logit and the mean log-sum-exp
    over the batches of the step. Both are read beside the computation: the run keeps every bit.

    Args:
        task: the module in training.
        is_due: whether the row of a step will be written, by its number from 1.

    Attributes:
        columns: names of what `take` gives.
    """

    def __init__(self, task: nn.Module, is_due: Callable[[int], bool]) -> None:
        self.is_due = is_due
        self._groups = parameter_groups(task)
        mixers = scoring_mixers(task)
        for name, mixer in mixers.items():
            mixer.register_forward_hook(self._hook(name))
        self.columns = (
            *(NORM + name for name in self._groups),
            *(kind + name for kind in (LARGEST, LOG_SUM_EXP) for name in mixers),
        )
        self._looking = False
        self._sizes: dict[str, list[LogitSize]] = {}
        self._norms: dict[str, float] = {}

    def begin(self, step: int) -> None:
        """Before the forward pass of a batch that belongs to a step."""
        self._looking = self.is_due(step)

    def end(self) -> None:
        """When the gradients of a step are complete, before they are clipped."""
        if self._looking:
            self._norms = gradient_norms(self._groups)
        self._looking = False

    def take(self) -> dict[str, float]:
        """What was seen since the last call, by column; empty when no step was looked at."""
        row = {NORM + name: norm for name, norm in self._norms.items()}
        for name, sizes in self._sizes.items():
            row[LARGEST + name] = max(size.largest for size in sizes)
            row[LOG_SUM_EXP + name] = sum(size.log_sum_exp for size in sizes) / len(sizes)
        self._norms, self._sizes = {}, {}
        return row

    def _hook(self, name: str) -> Callable[[nn.Module, tuple[Any, ...], Any], None]:
        def hook(mixer: nn.Module, inputs: tuple[Any, ...], mixed: Any) -> None:
            if self._looking:
                assert isinstance(mixer, Mixer)
                query, key, _, call = inputs
                self._sizes.setdefault(name, []).append(logit_size(mixer, query, key, call))

        return hook


def parameter_groups(module: nn.Module) -> dict[str, list[nn.Parameter]]:
    """Trainable parameters by the part they belong to: the name up to its first number (``model.blocks.0``), else the
    module that owns them.
    """
    found: dict[str, list[nn.Parameter]] = {}
    for name, parameter in module.named_parameters():
        if parameter.requires_grad:
            path = name.split(".")
            numbers = [i for i, part in enumerate(path) if part.isdigit()]
            group = path[: numbers[0] + 1] if numbers else path[:-1] or path
            found.setdefault(".".join(group), []).append(parameter)
    return found


def gradient_norms(groups: Mapping[str, list[nn.Parameter]]) -> dict[str, float]:
    """The norm of the gradient of each group; groups that no gradient has reached are left out."""
    found: dict[str, Tensor] = {}
    for name, parameters in groups.items():
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        if gradients:
            found[name] = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)).float())
    # Read from the device at once.
    return dict(zip(found, torch.stack([*found.values()]).tolist(), strict=True)) if found else {}
