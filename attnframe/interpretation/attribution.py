"""Attention weights together with what a prediction owes to each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from attnframe.attention.mixer import Mixer, share_heads
from attnframe.errors import ConfigurationError, Fault
from attnframe.interpretation.layers import attention_layers, check_own
from attnframe.interpretation.weights import weights_of


@dataclass(frozen=True)
class Attribution:
    """What `attribution` collects, by name of the layer.

    Args:
        weights: (B, H, T, S), there after the forward pass.
        products: (B, H, T, S) of weight and gradient, there after the backward pass.
    """

    weights: dict[str, Tensor] = field(default_factory=dict)
    products: dict[str, Tensor] = field(default_factory=dict)


@contextmanager
def attribution(model: nn.Module, layers: Sequence[str | int] | None = None) -> Iterator[Attribution]:
    r"""Weights, and their products with the gradient of a score (Chefer, Gur and Wolf 2021,
    https://arxiv.org/abs/2103.15679), for every variant that has weights.

    .. math:: W_{ij} \frac{\partial y}{\partial W_{ij}}, \qquad
        \frac{\partial y}{\partial W_{ij}} = \frac{\partial y}{\partial o_i} \cdot v_j, \quad o_i = \sum_j W_{ij} v_j

    Neither pass forms weights for it: they are computed anew on the side, and the gradient of o comes as it passes.

    with attribution(model) as found:
        model(x)[0, label].backward()
    found.products["blocks.0.self_attention"]  # (B, H, T, S)

    A layer that runs several times over the same keys, as a recurrent decoder does, leaves its runs one behind the
    other as rows T.

    Args:
        model: any module; an `Attention` layer itself goes by the name ``""``.
        layers: names, or numbers from 0 (from -1 for the last); None for every layer.

    Raises:
        ConfigurationError: when `model` has no attention layer, or not those that `layers` names, or layers share a
            mixer; from the model's forward, when no gradient can reach a layer.
        UnsupportedError: from the model's forward, when a chosen layer's mixer has no weights to show.
    """
    chosen = attention_layers(model, layers)
    check_own(model, chosen, "mixer")
    found = Attribution()
    handles = [layer.mixer.register_forward_hook(_hook(name, found)) for name, layer in chosen.items()]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


def _hook(name: str, found: Attribution) -> Callable[[nn.Module, tuple[Any, ...], Tensor], None]:
    runs: list[Tensor] = []
    products: dict[int, Tensor] = {}

    def hook(mixer: nn.Module, inputs: tuple[Any, ...], mixed: Tensor) -> None:
        assert isinstance(mixer, Mixer)
        query, key, value, call = inputs
        weights = weights_of(mixer, query.detach(), key.detach(), call)
        if runs and runs[0].shape[3] != weights.shape[3]:  # another sequence: begin anew
            runs.clear()
            products.clear()
        number = len(runs)
        runs.append(weights)
        found.weights[name] = _joined(runs)
        if not mixed.requires_grad:
            works = "Run it outside of no_grad, with parameters or inputs that require gradients."
            fault = Fault(f"{name or 'model'} (attribution)", "must be reached by a gradient", "", works)
            raise ConfigurationError(fault)
        values = share_heads(query, value.detach())

        def gradient(grad: Tensor) -> None:
            products[number] = weights * (grad.to(values.dtype) @ values.transpose(2, 3)).to(weights.dtype)
            ordered = [products.get(place, torch.zeros_like(run)) for place, run in enumerate(runs)]
            found.products[name] = _joined(ordered)

        register: Callable[[Callable[[Tensor], None]], object] = mixed.register_hook
        register(gradient)

    return hook


def _joined(runs: Sequence[Tensor]) -> Tensor:
    return runs[0] if len(runs) == 1 else torch.cat(list(runs), dim=2)
