"""The data module: maps with their shortest paths."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnframe.errors import DataError, Fault
from attnframe.plugin.data import DataModule
from attnframe.plugin.splitting import TEST, TRAIN, VAL, complete_parts
from attnframe_control.columns import Columns
from attnframe_control.path_planning.following import arrives, far_starts, legal, starts
from attnframe_control.path_planning.maps import MOVES, MapSet, distances, shortest_moves
from attnframe_control.path_planning.recipes import MapData
from attnframe_control.path_planning.search import mean_expansions
from attnframe_control.path_planning.turning import turned

FAR_SHARE = 0.55
"""Starts that are farther than this share of a map's are told apart, as those that Neural A* is tested from."""


class MapModule(DataModule):
    """Facts: ``size`` (rows and columns). A batch is ``{"free": (n, H, W) bool, "goal": (n, H, W) bool, "shortest": (n,
    8, H, W) bool, "distance": (n, H, W) int16}``, see `attnframe_control.path_planning.maps`.

    Args:
        recipe: how maps are turned. read: training, validation and test maps, of one size.
    """

    train: Columns
    val: Columns
    test: Columns

    def __init__(self, recipe: MapData, read: Callable[[], tuple[MapSet, MapSet, MapSet]]) -> None:
        self.recipe, self.read = recipe, read

    def setup(self) -> None:
        parts = self.read()
        self.facts = {"size": list(parts[0].free.shape[1:])}
        if self.known_facts is not None and self.known_facts != self.facts:
            must = f"must have maps of {_size(self.known_facts)} cells, which the model was trained on"
            raise DataError(Fault(f"data={self.recipe.name}", must, _size(self.facts)))
        self.train, self.val, self.test = map(_columns, parts)
        self.maps = parts[2]
        found = hashlib.sha256()
        for part in parts:
            found.update(np.packbits(part.free).tobytes())
            found.update(np.packbits(part.goals).tobytes())
        self.digest = found.hexdigest()
        self.protocol = {
            "maps": dict(zip(("train", "val", "test"), map(len, parts), strict=True)),
            "starts": "every cell with a path to the goal",
            "far starts": f"those of each map beyond the {FAR_SHARE:.0%} that are nearest",
        }

    def augment(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """All maps turned or mirrored in one of the eight ways."""
        return turned(batch, int(torch.randint(8, ()))) if self.recipe.turn else batch

    def floor(self) -> dict[str, Any]:
        """To whichever neighbour is nearest to the goal as the crow flies; beside it, A*."""
        free, goal, distance = (self.test.columns[name] for name in ("free", "goal", "distance"))
        moves = straight(free, goal)
        arrived, shortest = arrives(moves, free, goal), self.test.columns["shortest"]
        right = shortest.gather(1, moves.unsqueeze(1)).squeeze(1)
        some, far = starts(distance), far_starts(distance, FAR_SHARE)
        searched = f"A* with octile distance ({mean_expansions(self.maps, distance.numpy()):.0f} cells taken up a map)"
        whole = {"test/accuracy": 1.0, "test/success": 1.0, "test/far_success": 1.0}
        return {
            "name": "straight towards the goal",
            "test/accuracy": float(right[some].double().mean()),
            "test/success": float(arrived[some].double().mean()),
            "test/far_success": float(arrived[far].double().mean()),
            "others": {searched: whole},
        }


def straight(free: Tensor, goal: Tensor) -> Tensor:
    """(B, H, W) the legal move to whichever neighbour is nearest to the goal as the crow flies."""
    rows, columns = free.shape[1:]
    places = goal.flatten(1).int().argmax(1)
    down = torch.arange(rows)[None, :, None] - (places // columns)[:, None, None]
    right = torch.arange(columns)[None, None, :] - (places % columns)[:, None, None]
    away = torch.sqrt((down.square() + right.square()).double())
    beside = torch.nn.functional.pad(away, (1, 1, 1, 1), value=torch.inf)
    ahead = torch.stack([beside[:, 1 + y : 1 + y + rows, 1 + x : 1 + x + columns] for y, x in MOVES], 1)
    return ahead.masked_fill(~legal(free), torch.inf).argmin(1)


def cut(maps: MapSet, fractions: tuple[float, float, float]) -> tuple[MapSet, MapSet, MapSet]:
    """Training, validation and test maps, drawn at random with seed 0."""
    count = len(maps)
    parts = complete_parts(np.full(count, TRAIN, np.uint8), np.zeros(count, np.int64), fractions)
    train, val, test = (maps.part(np.flatnonzero(parts == part)) for part in (TRAIN, VAL, TEST))
    return train, val, test


def _columns(maps: MapSet) -> Columns:
    distance = distances(maps)
    named = {"free": maps.free, "goal": maps.goals, "shortest": shortest_moves(distance), "distance": distance}
    return Columns({name: torch.from_numpy(array) for name, array in named.items()})


def _size(facts: dict[str, Any]) -> str:
    return " x ".join(map(str, facts["size"]))
