"""Places of nodes on paper."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

ROUNDS: Final = 60
"""Rounds in which places are improved."""


def layout(edges: npt.NDArray[np.int64], nodes: int) -> npt.NDArray[np.float64]:
    r"""Places (N, 2) whose distances are about those in the graph: stress majorisation (Gansner, Koren and North 2004,
    https://doi.org/10.1007/978-3-540-31843-9_25), begun on a circle, the same for the same graph.

    .. math:: \sum_{i<j} d_{ij}^{-2} (\|x_i - x_j\| - d_{ij})^2

    Nodes that are not joined are taken to be a little farther apart than any that are.

    Args:
        edges: (2, M), followed both ways. nodes: N.
    """
    angle = 2 * np.pi * np.arange(nodes) / max(nodes, 1)
    places = np.stack([np.cos(angle), np.sin(angle)], 1) * max(nodes, 1) / 6
    if nodes < 3:
        return places
    apart = distances(edges, nodes)
    weight = np.where(apart > 0, 1 / np.where(apart > 0, apart, 1) ** 2, 0)
    laplacian = np.diag(weight.sum(1)) - weight
    inverse = np.linalg.pinv(laplacian)
    for _ in range(ROUNDS):
        between = np.sqrt(((places[:, None] - places[None]) ** 2).sum(-1))
        pull = np.where(between > 1e-9, weight * apart / np.where(between > 1e-9, between, 1), 0)
        places = inverse @ ((np.diag(pull.sum(1)) - pull) @ places)
    found: npt.NDArray[np.float64] = places
    return found


def distances(edges: npt.NDArray[np.int64], nodes: int) -> npt.NDArray[np.float64]:
    """Edges (N, N) on the shortest way between nodes; one more than the longest way where there is none.

    Args:
        edges: (2, M), followed both ways. nodes: N.
    """
    joined = np.zeros((nodes, nodes), bool)
    joined[edges[0], edges[1]] = joined[edges[1], edges[0]] = True
    found = np.full((nodes, nodes), np.inf)
    reached = np.eye(nodes, dtype=bool)
    steps = 0
    while True:
        found[reached & np.isinf(found)] = steps
        wider = reached | (reached @ joined)
        if (wider == reached).all():
            break
        reached, steps = wider, steps + 1
    found[np.isinf(found)] = steps + 1
    return found
