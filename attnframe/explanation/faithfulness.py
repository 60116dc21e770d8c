"""Whether a map is to be believed: does the answer fall faster when what it names is deleted first?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Scores = Callable[[Tensor], Tensor]
"""(n, U) bool, which units are kept in n versions of an input, to (n,) scores; higher is better."""

BATCH: Final = 64
"""Versions of an input that are scored together."""
FLAT: Final = 1e-6
"""Relative difference below which the units of a map are all alike."""

SURE: Final = 0.9
"""Share of random orders that a map must beat to be called faithful without reserve."""

Curve = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Deletion:
    """Curves of deletion (RISE, Petsiuk, Das and Saenko 2018, https://arxiv.org/abs/1806.07421) of some maps against
    random order.

    Args:
        deleted: (P,) shares of the units that are deleted, from 0 to 1.
        attended: by name of a map, (P,) the scores when the units it names most are deleted first.
        random: (O, P) the scores of O random orders.
        flat: names of maps whose units are all alike, so that they give no order.
    """

    deleted: Curve
    attended: Mapping[str, Curve]
    random: Curve
    flat: frozenset[str]

    @property
    def mean(self) -> Curve:
        """(P,) mean over the random orders."""
        found: Curve = self.random.mean(0)
        return found

    def area(self, name: str) -> float:
        """The area between the mean random curve and that of a map, in units of the score: above 0 the answer falls
        faster in the order of the map."""
        return float(_area(self.mean - self.attended[name], self.deleted))

    def beaten(self, name: str) -> float:
        """The share of random orders, from 0 to 1, in which the answer falls more slowly than in that of the map; one
        that is as fast counts half."""
        away = _area(self.random, self.deleted) - _area(self.attended[name], self.deleted)
        same = np.abs(away) <= FLAT * np.abs(self.random).max()
        return float(np.where(same, 0.5, away > 0).mean())

    def faithful(self, name: str) -> bool:
        """Whether a map gives an order and its curve lies below the random one."""
        return name not in self.flat and self.area(name) > 0

    def verdict(self, name: str) -> str:
        """One plain sentence on a map."""
        if name in self.flat:
            return "This map says nothing: it weighs all units alike."
        beaten = f"{self.beaten(name):.0%} of {len(self.random)} random orders"
        told = f"the answer falls faster in its order than in {beaten} (area {self.area(name):.3g})"
        if not self.faithful(name):
            return f"This map is not faithful: {told}."
        return f"{'Faithful' if self.beaten(name) >= SURE else 'Weakly faithful'}: {told}."


@torch.no_grad()
def deletion(scores: Scores, maps: Mapping[str, Tensor], *, orders: int, steps: int, seed: int = 0) -> Deletion:
    """Delete units one after the other, the most relevant first, and in random orders.

    Args:
        scores: the model.
        maps: by name, (U,) relevance of each unit. Equal ones are deleted in random order.
        orders: random orders. steps: most points of a curve after the first one.
        seed: of the random orders.
    """
    units = len(next(iter(maps.values())))
    counts = np.unique(np.linspace(0, units, min(steps, units) + 1).round().astype(np.int64))
    generator = torch.Generator().manual_seed(seed)
    drawn = [torch.randperm(units, generator=generator) for _ in range(orders)]
    ranked = []
    for values in maps.values():
        shuffled = torch.randperm(units, generator=generator)
        ranked.append(shuffled[values.cpu()[shuffled].argsort(descending=True, stable=True)])
    curves = _curves(scores, [*ranked, *drawn], counts)
    return Deletion(
        deleted=counts / max(units, 1),
        attended=dict(zip(maps, curves, strict=False)),
        random=curves[len(maps) :],
        flat=frozenset(name for name, values in maps.items() if _is_flat(values)),
    )


def _curves(scores: Scores, orders: list[Tensor], counts: npt.NDArray[np.int64]) -> Curve:
    """(orders, points) scores of the versions that each order gives; the first and the last are the same for all."""
    units = len(orders[0])
    whole, nothing = torch.ones(1, units, dtype=torch.bool), torch.zeros(1, units, dtype=torch.bool)
    versions = [whole, nothing]
    for order in orders:
        place = torch.empty_like(order)
        place[order] = torch.arange(units)
        versions.append(place >= torch.from_numpy(counts[1:-1]).unsqueeze(1))
    kept = torch.cat(versions)
    parts = (kept[start : start + BATCH] for start in range(0, len(kept), BATCH))
    found = torch.cat([scores(part).double().cpu() for part in parts]).numpy()
    inner = found[2:].reshape(len(orders), -1)
    ends = np.broadcast_to(found[:2], (len(orders), 2))
    return np.concatenate([ends[:, :1], inner, ends[:, 1:]], 1)


def _area(curves: Curve, places: Curve) -> Curve:
    """The area (...) below curves (..., P) by the trapezoidal rule."""
    found: Curve = ((curves[..., 1:] + curves[..., :-1]) / 2 * np.diff(places)).sum(-1)
    return found


def _is_flat(values: Tensor) -> bool:
    return bool(values.max() - values.min() <= FLAT * values.abs().max().clamp(min=1e-30))
