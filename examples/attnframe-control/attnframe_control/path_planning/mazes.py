"""Generated mazes."""

from __future__ import annotations

import numpy as np

from attnframe_control.path_planning.maps import MapSet

STEPS = ((-2, 0), (0, 2), (2, 0), (0, -2))


def mazes(count: int, side: int, opened: float) -> MapSet:
    """Mazes by depth-first search, with a goal in a free cell; the same for the same arguments.

    Args:
        count: how many. side: cells of a side, odd. opened: share of walls that are left out.
    """
    generator = np.random.default_rng(0)
    free = np.stack([_maze(side, generator) for _ in range(count)])
    free |= generator.random(free.shape) < opened
    goals = np.zeros_like(free)
    for one, goal in zip(free, goals, strict=True):
        cells = np.flatnonzero(one)
        goal.flat[generator.choice(cells)] = True
    return MapSet(free, goals)


def _maze(side: int, generator: np.random.Generator) -> np.ndarray:
    free = np.zeros((side, side), dtype=bool)
    free[0, 0] = True
    way = [(0, 0)]
    while way:
        row, column = way[-1]
        ahead = [
            (row + down, column + right)
            for down, right in STEPS
            if 0 <= row + down < side and 0 <= column + right < side and not free[row + down, column + right]
        ]
        if not ahead:
            way.pop()
            continue
        chosen = ahead[generator.integers(len(ahead))]
        free[chosen] = free[(row + chosen[0]) // 2, (column + chosen[1]) // 2] = True
        way.append(chosen)
    return free
