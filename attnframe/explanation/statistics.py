"""What is measured on the weights of each head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from attnframe.interpretation import entropy


@dataclass(frozen=True)
class LayerStatistics:
    """Measures of one layer on one input, over its queries.

    Args:
        layer: its name. queries: T. keys: S.
        entropy: of each head, in nats; 0 for one key alone.
        spread: of each head, `entropy` over that of all visible keys alike, from 0 to 1.
        sink_mass: of each head, the share of all weight that rests on the key that gets most of it (attention sinks,
            Xiao et al. 2023, https://arxiv.org/abs/2309.17453).
        sink: of each head, which key that is, from 0.
    """

    layer: str
    queries: int
    keys: int
    entropy: tuple[float, ...]
    spread: tuple[float, ...]
    sink_mass: tuple[float, ...]
    sink: tuple[int, ...]


def statistics(weights: Mapping[str, Tensor]) -> list[LayerStatistics]:
    """Measures of each layer; queries that see no key do not count, and of negative weights the magnitude does.

    Args:
        weights: (B, H, T, S) by name.
    """
    return [_of_layer(name, one.abs().float()) for name, one in weights.items()]


def _of_layer(name: str, weights: Tensor) -> LayerStatistics:
    heads = weights.transpose(0, 1).flatten(1, 2)  # (H, B T, S)
    total = heads.sum(-1)
    seeing = total > 0
    queries = seeing.sum(1).clamp(min=1)
    found = entropy(heads)
    widest = (heads > 0).sum(-1).clamp(min=1).float().log()
    spread = torch.where(widest > 0, found / widest.clamp(min=1e-9), 0.0)
    wide = (seeing & (widest > 0)).sum(1).clamp(min=1)
    received = (heads / total.clamp(min=1e-12).unsqueeze(-1)).sum(1) / queries.unsqueeze(1)  # (H, S)
    mass, at = received.max(1)
    return LayerStatistics(
        layer=name,
        queries=weights.shape[2],
        keys=weights.shape[3],
        entropy=_rounded(found.sum(1) / queries),
        spread=_rounded(spread.sum(1) / wide),
        sink_mass=_rounded(mass),
        sink=tuple(at.tolist()),
    )


def _rounded(values: Tensor) -> tuple[float, ...]:
    return tuple(round(value, 4) for value in values.tolist())
