"""How much the loss depends on each head."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from attnframe.errors import ConfigurationError, Fault
from attnframe.interpretation.layers import attention_layers, check_own


class HeadImportance:
    """The importance of heads, added up over backward passes; made by `head_importance`."""

    def __init__(self) -> None:
        self._sums: dict[str, Tensor] = {}
        self._examples: dict[str, int] = {}

    def add(self, name: str, gates: Tensor) -> None:
        """Take in the gradients (B, H) of the loss with respect to the gates of one layer."""
        total = gates.abs().sum(dim=0)
        self._sums[name] = self._sums[name] + total if name in self._sums else total
        self._examples[name] = self._examples.get(name, 0) + gates.shape[0]

    def scores(self) -> dict[str, Tensor]:
        """(H,) for each layer that a gradient has reached: the mean over examples."""
        return {name: total / self._examples[name] for name, total in self._sums.items()}


@contextmanager
def head_importance(model: nn.Module, layers: Sequence[str | int] | None = None) -> Iterator[HeadImportance]:
    """Head importance (Michel, Levy and Neubig 2019, https://arxiv.org/abs/1905.10650), for every variant.

    I_h = mean over examples of |dL / dg_h|,  head_h <- g_h head_h at g_h = 1

    No gate is put in: dL / dg_h is the dot product of head h, as it enters the output projection, with its gradient,
    so outputs and gradients keep every bit.

    with head_importance(model) as importance:
        for x, y in batches:
            loss(model(x), y).backward()
    importance.scores()["blocks.0.self_attention"]  # (H,)

    Of a loss that is a mean over B examples each gradient is a B-th of an example's own; the order of heads is the
    same. The paper divides the scores of a layer by their norm before it compares layers. A layer that runs more
    than once counts each run by itself.

    Args:
        model: any module; an `Attention` layer itself goes by the name ``""``.
        layers: names, or numbers from 0 (from -1 for the last); None for every layer.

    Raises:
        ConfigurationError: when `model` has no attention layer, or not those that `layers` names, or layers share
            their projections; from the model's forward, when no gradient can reach a layer.
    """
    chosen = attention_layers(model, layers)
    check_own(model, chosen, "projections")
    importance = HeadImportance()
    handles = []
    try:
        for name, layer in chosen.items():
            last = layer.projections.output_proj
            handles.append(last.register_forward_pre_hook(_hook(name, layer.num_heads, importance)))
        yield importance
    finally:
        for handle in handles:
            handle.remove()


def _hook(name: str, heads: int, importance: HeadImportance) -> Callable[[nn.Module, tuple[Any, ...]], None]:
    def hook(last: nn.Module, inputs: tuple[Any, ...]) -> None:
        joined: Tensor = inputs[0]
        if not joined.requires_grad:
            works = "Run it outside of no_grad, with parameters or inputs that require gradients."
            must = "must be reached by a gradient"
            raise ConfigurationError(Fault(f"{name or 'model'} (head_importance)", must, "", works))
        values = joined.detach()
        wide = torch.promote_types(values.dtype, torch.float32)

        def gates(grad: Tensor) -> None:
            products = values.to(wide) * grad.to(wide)  # (B, T, H * V)
            importance.add(name, products.view(*products.shape[:2], heads, -1).sum(dim=(1, 3)))

        register: Callable[[Callable[[Tensor], None]], object] = joined.register_hook
        register(gates)

    return hook
