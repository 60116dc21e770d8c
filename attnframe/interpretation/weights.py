"""Attention weights, or what is measured on them, as a side computation: the output does not change by a bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from attnframe.attention.mixer import Call, Mixer
from attnframe.errors import ConfigurationError, Fault
from attnframe.interpretation.chunks import row_chunks
from attnframe.interpretation.layers import watch

Measure = Callable[[Tensor], Tensor]
"""A function of the weights (B, H, t, S) of some query rows that gives (B, H or 1, t, ...), row by row."""


@contextmanager
def capture(
    model: nn.Module, layers: Sequence[str | int] | None = None, measure: Measure | None = None
) -> Iterator[dict[str, Tensor]]:
    """Collect the attention weights of `Attention` layers in `model`, or a measure of them, while it runs.

    with capture(model) as captured:
        model(x)
    captured["blocks.0.self_attention"]  # (B, H, T, S)

    with capture(model, layers=[-1], measure=entropy) as captured:
        model(x)
    captured["blocks.11.self_attention"]  # (B, H, T)

    Weights are computed anew from queries and keys, in query chunks, without gradient and without dropout, so the
    fast path keeps running and its output keeps every bit. With a measure, the weights of one chunk are all that is
    ever held. A layer that runs more than once leaves what its last run gave. A query that may see no key has
    weights 0.

    Args:
        model: any module; an `Attention` layer itself goes by the name ``""``.
        layers: names, or numbers from 0 (from -1 for the last); None for every layer.
        measure: `entropy`, `sink_mass`, `head_mean`, or any function of the weights (B, H, t, S) of some query rows
            that gives (B, H or 1, t, ...); None for the weights themselves.

    Raises:
        ConfigurationError: when `model` has no attention layer, or not those that `layers` names, or when a measure
            gives another number of rows.
        UnsupportedError: from the model's forward, when a chosen layer's mixer has no weights to show.
    """
    captured: dict[str, Tensor] = {}

    def look(name: str, mixer: Mixer, query: Tensor, key: Tensor, call: Call) -> None:
        captured[name] = weights_of(mixer, query, key, call, measure)

    with watch(model, layers, look):
        yield captured


@torch.no_grad()
def weights_of(mixer: Mixer, query: Tensor, key: Tensor, call: Call, measure: Measure | None = None) -> Tensor:
    """The weights (B, H, T, S) of one application of a mixer, or a measure of them, computed in query chunks.

    Args:
        mixer: the mixer.
        query: (B, H, T, E). key: (B, K, S, E). call: what it was applied to.
        measure: as in `capture`.
    """
    extent = call.extent
    chunks = row_chunks(extent, query.element_size())
    whole: Tensor | None = None
    for rows in chunks:
        found = mixer.weights(query, key, call, rows)
        if measure is not None:
            found = _measured(measure, found)
        if len(chunks) == 1:
            return found
        if whole is None:
            whole = found.new_empty((*found.shape[:2], extent.queries, *found.shape[3:]))
        whole[:, :, rows] = found
    assert whole is not None  # there is a chunk at least
    return whole


def _measured(measure: Measure, weights: Tensor) -> Tensor:
    found = measure(weights)
    if found.dim() < 3 or found.shape[2] != weights.shape[2]:
        name = getattr(measure, "__name__", type(measure).__name__)
        must = f"must give (B, H or 1, t, ...) for weights (B, H, t, S), here t={weights.shape[2]}"
        raise ConfigurationError(Fault(f"measure={name} (capture)", must, f"shape {tuple(found.shape)}"))
    return found


def head_mean(weights: Tensor) -> Tensor:
    """The mean over heads: weights (B, H, t, S) to (B, 1, t, S), an H-th of the memory; enough for `rollout`."""
    return weights.mean(dim=1, keepdim=True)
