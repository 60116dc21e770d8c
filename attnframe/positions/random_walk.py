"""Return probabilities of random walks as positions."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.base import InputPosition
from attnframe.positions.graph import GraphPosition, check_edges, sparse_matrix
from attnframe.positions.shapes import require_coordinates

CHUNK_ELEMENTS = 2**24
"""Probabilities followed at a time."""


class RandomWalk(InputPosition, GraphPosition):
    """Random-walk encoding (Dwivedi et al. 2022, https://arxiv.org/abs/2110.07875): how probably a walk is back where
    it began, after each number of steps; mapped linearly and added to the input.

    x_i + W p_i,  p_i = (M_ii, (M^2)_ii, .., (M^C)_ii),  M = G^-1 A the probabilities of a step

    It has no sign to choose and tells what surrounds a node: rings, leaves, hubs. A batch of graphs may be one graph of
    several components.

    Args:
        dim: model width D.
        steps: longest walk C, at least 1.

    Shapes:
        `add`: x (B, N, D), positions (B or 1, N, C) real -> (B, N, D).

    Raises:
        ConfigurationError: when `steps` is below 1; from `add`, for positions of other coordinates.
    """

    def __init__(self, dim: int, steps: int = 16) -> None:
        super().__init__()
        if steps < 1:
            raise ConfigurationError(Fault("steps (RandomWalk)", "must be at least 1", str(steps)))
        self.steps = steps
        self.proj = nn.Linear(steps, dim, bias=False)

    def add(self, x: Tensor, positions: Tensor) -> Tensor:
        require_coordinates(positions, self.steps, "RandomWalk", "Use RandomWalk.coordinates(edge_index, num_nodes).")
        encoding: Tensor = self.proj(positions.to(self.proj.weight.dtype))
        return x + encoding.to(x.dtype)

    def coordinates(self, edge_index: Tensor, num_nodes: int) -> Tensor:
        return return_probabilities(edge_index, num_nodes, self.steps).unsqueeze(0)


def return_probabilities(edge_index: Tensor, num_nodes: int, steps: int) -> Tensor:
    """Probability that a random walk along edges is back at its first node after 1 to `steps` steps.

    A step goes along one of the node's outgoing edges, each with the same probability; from a node without any the walk
    goes nowhere. Memory is bounded: walks are followed from some nodes at a time.

    Args:
        edge_index: (2, edges) int64: row 0 the source, row 1 the target of each edge.
        num_nodes: nodes N.
        steps: longest walk C, at least 1.

    Returns:
        (N, C) float32, each from 0 to 1.

    Raises:
        ConfigurationError: when `edge_index` does not fit.
    """
    check_edges(edge_index, num_nodes)
    source, target = edge_index
    probability = 1.0 / torch.bincount(source, minlength=num_nodes).float()[source]
    step = sparse_matrix(target, source, probability, num_nodes)
    size = max(1, CHUNK_ELEMENTS // max(1, num_nodes))
    parts = []
    for first in range(0, num_nodes, size):
        some = torch.arange(first, min(first + size, num_nodes), device=edge_index.device)
        column = torch.arange(len(some), device=some.device)
        there = torch.zeros(num_nodes, len(some), device=some.device)  # probability of each node, a column for a walk
        there[some, column] = 1.0
        back = []
        for _ in range(steps):
            there = torch.sparse.mm(step, there)
            back.append(there[some, column])
        parts.append(torch.stack(back, dim=1))
    return torch.cat(parts) if parts else torch.zeros(0, steps, device=edge_index.device)
