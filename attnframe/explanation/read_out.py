"""From where attention is read: the tokens that an answer is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from attnframe.bridges import AttentionPooling, MeanPooling
from attnframe.plugin.subject import Maps


def read(parts: Tensor, weights: Tensor | None = None) -> Tensor:
    """The part (B, S) of each input in what is pooled of tokens.

    Args:
        parts: (B, T, S) of `Maps.through`. weights: (B, T) that tokens are pooled with; None for their mean.
    """
    if weights is None:
        return parts.mean(1)
    return (weights.to(parts).unsqueeze(1) @ parts).squeeze(1)


def last(parts: Tensor) -> Tensor:
    """The part (B, S) of each input in the last token.

    Args:
        parts: (B, T, S) of `Maps.through`.
    """
    return parts[:, -1]


def hierarchy(maps: Maps, pooled: Mapping[str, Tensor], prefix: str) -> Tensor:
    """The part (P, N) of each item of each part in the whole, by `attnframe.models.Hierarchical`: that of an item in
    its part, times that of the part.

    Args:
        maps: what attention says. pooled: of `pooling_weights`.
        prefix: name of the `Hierarchical`, with a dot behind.
    """
    items, parts = (
        read(maps.through(f"{prefix}{level}.encoder."), pooled[f"{prefix}{level}.pooling"])
        for level in ("items", "parts")
    )
    return items * parts[0].unsqueeze(1)


@contextmanager
def pooling_weights(
    model: nn.Module, kinds: tuple[type[nn.Module], ...] = (AttentionPooling, MeanPooling)
) -> Iterator[dict[str, Tensor]]:
    """Collect the weights (B, T) that the poolings in a model pool with while it runs, by name, 0 at padding.

    Args:
        model: any module. kinds: of poolings, with a method `weights` that takes what their `forward` takes.
    """
    found: dict[str, Tensor] = {}
    handles = [
        module.register_forward_hook(_hook(name, found), with_kwargs=True)
        for name, module in model.named_modules()
        if isinstance(module, kinds)
    ]
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()


def _hook(name: str, found: dict[str, Tensor]) -> Any:
    @torch.no_grad()
    def hook(pooling: nn.Module, inputs: tuple[Tensor, ...], named: dict[str, Any], pooled: Tensor) -> None:
        weights: Any = pooling.weights
        found[name] = weights(*inputs, **named).detach()

    return hook
