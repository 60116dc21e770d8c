"""Attention weights as a side computation: the output of the model does not change by a bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from attnframe.attention.layer import Attention
from attnframe.attention.mixer import Call, Mixer
from attnframe.errors import ConfigurationError, Fault

CHUNK_BYTES = 2**24
"""Size that the weights of one query chunk are held to while they are computed."""


@contextmanager
def capture(model: nn.Module) -> Iterator[dict[str, Tensor]]:
    """Collect the attention weights of every `Attention` layer in `model` while it runs.

    with capture(model) as captured:
        model(x)
    captured["blocks.0.attention"]  # (B, H, T, S)

    Weights are computed anew from queries and keys, without gradient and without dropout, so the fast path keeps
    running. A layer that runs more than once leaves the weights of its last run. A query that may see no key has
    weights 0.

    Args:
        model: any module; an `Attention` layer itself goes by the name ``""``.

    Raises:
        ConfigurationError: when `model` has no attention layer.
        UnsupportedError: from the model's forward, when a layer's mixer has no weights to show.
    """
    layers = {name: layer for name, layer in model.named_modules() if isinstance(layer, Attention)}
    if not layers:
        must = "must hold an Attention layer"
        raise ConfigurationError(Fault("model (capture)", must, type(model).__name__))
    captured: dict[str, Tensor] = {}
    handles = [layer.mixer.register_forward_hook(_collect(captured, name)) for name, layer in layers.items()]
    try:
        yield captured
    finally:
        for handle in handles:
            handle.remove()


def _collect(captured: dict[str, Tensor], name: str) -> Callable[[nn.Module, tuple[Any, ...], Any], None]:
    def hook(mixer: nn.Module, inputs: tuple[Any, ...], output: Any) -> None:
        assert isinstance(mixer, Mixer)
        query, key, _, call = inputs
        captured[name] = weights_of(mixer, query, key, call)

    return hook


@torch.no_grad()
def weights_of(mixer: Mixer, query: Tensor, key: Tensor, call: Call) -> Tensor:
    """All weights (B, H, T, S) of one application of a mixer, computed in query chunks."""
    extent = call.extent
    per_row = max(1, extent.batch * extent.heads * extent.keys * query.element_size())
    size = max(1, CHUNK_BYTES // per_row)
    rows = [slice(first, min(first + size, extent.queries)) for first in range(0, extent.queries, size)]
    return torch.cat([mixer.weights(query, key, call, one) for one in rows], dim=2)
