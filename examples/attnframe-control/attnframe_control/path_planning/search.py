"""A* search, which the learnt moves are held against."""

from __future__ import annotations

import heapq
from itertools import count

import numpy as np
import numpy.typing as npt

from attnframe_control.path_planning.maps import FAR, MOVES, MapSet


def expansions(free: npt.NDArray[np.bool_], start: tuple[int, int], goal: tuple[int, int]) -> int:
    """Cells that A* (Hart et al. 1968, https://doi.org/10.1109/TSSC.1968.300136) takes up until it has a shortest path.

    Its heuristic is octile distance, which is the larger of the differences in rows and columns where diagonal moves
    cost what others do.

    Args:
        free: (H, W). start, goal: row and column, between which there is a path.
    """
    order = count()
    known = {start: 0}
    first = _octile(start, goal)
    waiting = [(first, first, next(order), start)]  # of cells that promise alike, the nearest to the goal comes first
    taken: set[tuple[int, int]] = set()
    while waiting:
        *_, cell = heapq.heappop(waiting)
        if cell in taken:
            continue
        taken.add(cell)
        if cell == goal:
            break
        for down, right in MOVES:
            row, column = cell[0] + down, cell[1] + right
            if not (0 <= row < free.shape[0] and 0 <= column < free.shape[1] and free[row, column]):
                continue
            cost = known[cell] + 1
            if cost < known.get((row, column), FAR):
                known[row, column] = cost
                away = _octile((row, column), goal)
                heapq.heappush(waiting, (cost + away, away, next(order), (row, column)))
    return len(taken)


def mean_expansions(maps: MapSet, distance: npt.NDArray[np.int16]) -> float:
    """The mean of `expansions` over maps, each from its farthest cell."""
    found = []
    for free, goals, away in zip(maps.free, maps.goals, distance, strict=True):
        reached = np.where(away < FAR, away, -1)
        start, goal = (np.unravel_index(one.argmax(), one.shape) for one in (reached, goals))
        found.append(expansions(free, (int(start[0]), int(start[1])), (int(goal[0]), int(goal[1]))))
    return float(np.mean(found))


def _octile(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))
