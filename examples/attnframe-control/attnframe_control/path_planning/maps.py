"""Maps, and what is known of them by search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

MOVES: Final = ((-1, 0), (0, 1), (0, -1), (1, 0), (-1, 1), (-1, -1), (1, 1), (1, -1))
"""Rows and columns that each move goes; their numbers are those of the motion planning dataset."""
NAMES: Final = ("north", "east", "west", "south", "north-east", "north-west", "south-east", "south-west")
FAR: Final = 30_000
"""The distance of cells from where the goal cannot be reached."""

Grids = npt.NDArray[np.bool_]
"""(N, H, W)."""


@dataclass(frozen=True)
class MapSet:
    """Maps of one size.

    Args:
        free: (N, H, W) whether a cell can be entered. goals: (N, H, W), one cell each.
    """

    free: Grids
    goals: Grids

    def __len__(self) -> int:
        return len(self.free)

    def part(self, rows: npt.NDArray[np.int64]) -> MapSet:
        """The maps at some rows."""
        return MapSet(self.free[rows], self.goals[rows])


def distances(maps: MapSet) -> npt.NDArray[np.int16]:
    """(N, H, W) moves of a shortest path to the goal, `FAR` where there is none: a wave that spreads from the goal."""
    found = np.where(maps.goals, 0, FAR).astype(np.int16)
    while True:
        nearest = neighbours(found, FAR).min(1)
        nearer = np.where(maps.free, np.minimum(found, nearest + 1), FAR).astype(np.int16)
        nearer[maps.goals] = 0
        if (nearer == found).all():
            return found
        found = nearer


def neighbours(cells: npt.NDArray[np.int16], outside: int) -> npt.NDArray[np.int16]:
    """(N, 8, H, W) what stands where each move leads.

    Args:
        cells: (N, H, W). outside: what stands beyond the border.
    """
    rows, columns = cells.shape[1:]
    padded = np.pad(cells, ((0, 0), (1, 1), (1, 1)), constant_values=outside)
    return np.stack([padded[:, 1 + y : 1 + y + rows, 1 + x : 1 + x + columns] for y, x in MOVES], 1)


def shortest_moves(distance: npt.NDArray[np.int16]) -> Grids:
    """(N, 8, H, W) whether a move is the first of a shortest path.

    Args:
        distance: of `distances`.
    """
    started = (distance > 0) & (distance < FAR)
    found: Grids = (neighbours(distance, FAR) == distance[:, None] - 1) & started[:, None]
    return found
