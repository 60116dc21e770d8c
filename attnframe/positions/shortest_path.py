"""Bias of the distance in a graph."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.base import BiasPosition
from attnframe.positions.graph import GraphPosition, check_edges, sparse_matrix
from attnframe.positions.look_up import look_up
from attnframe.positions.shapes import require_coordinates

CHUNK_ELEMENTS = 2**24
"""Distances found at a time."""


class ShortestPath(BiasPosition, GraphPosition):
    """The spatial encoding of Graphormer (Ying et al. 2021, https://arxiv.org/abs/2106.05234): a learned number for
    each head and each length of the shortest path from key to query.

    bias(h, q, k) = table[distance(k, q), h]

    Nodes farther than `max_distance`, or not connected, share a number. The position of a node is its distance from
    each of the N nodes, as `shortest_paths` gives them; a key is found in its query's row by the 0 in its own.

    Args:
        num_heads: query heads H.
        max_distance: longest path with a number of its own, in edges, at least 1.

    Shapes:
        `bias`: query positions (B or 1, T, N), key positions (B or 1, S, N), integers -> (B or 1, H, T, S).

    Raises:
        ConfigurationError: when `max_distance` is below 1; from `bias`, for positions that are no distances.
    """

    def __init__(self, num_heads: int, max_distance: int = 8) -> None:
        super().__init__()
        if max_distance < 1:
            raise ConfigurationError(Fault("max_distance (ShortestPath)", "must be at least 1", str(max_distance)))
        self.max_distance = max_distance
        self.table = nn.Parameter(torch.empty(max_distance + 2, num_heads))  # (0 to max_distance and farther, H)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the table from a normal distribution with deviation 0.02."""
        nn.init.normal_(self.table, std=0.02)

    def bias(self, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        works = "Use ShortestPath.coordinates(edge_index, num_nodes)."
        for positions in (query_positions, key_positions):
            require_coordinates(positions, query_positions.shape[-1], "ShortestPath", works)
            if positions.is_floating_point():
                raise ConfigurationError(
                    Fault("positions (ShortestPath)", "must be integers", str(positions.dtype), works)
                )
        rows = max(query_positions.shape[0], key_positions.shape[0])
        node = (key_positions == 0).to(torch.uint8).argmax(dim=-1)  # (B or 1, S)
        shape = (rows, query_positions.shape[1], node.shape[1])
        distance = query_positions.expand(rows, -1, -1).gather(2, node.unsqueeze(1).expand(shape)).long()
        far = (distance < 0) | (distance > self.max_distance)
        return look_up(self.table, distance.masked_fill(far, self.max_distance + 1))

    def coordinates(self, edge_index: Tensor, num_nodes: int) -> Tensor:
        return shortest_paths(edge_index, num_nodes, self.max_distance).unsqueeze(0)


def shortest_paths(edge_index: Tensor, num_nodes: int, max_distance: int | None = None) -> Tensor:
    """Lengths of the shortest paths between all nodes of a graph, by a search from every node at once.

    Args:
        edge_index: (2, edges) int64: row 0 the source, row 1 the target of each edge.
        num_nodes: nodes N.
        max_distance: longest path looked for, in edges; None for all.

    Returns:
        (N, N) int32: at [q, k] the edges on the shortest path from k to q, or -1 when there is none.

    Raises:
        ConfigurationError: when `edge_index` does not fit.
    """
    check_edges(edge_index, num_nodes)
    source, target = edge_index
    ones = torch.ones(edge_index.shape[1], device=edge_index.device)
    steps = sparse_matrix(target, source, ones, num_nodes)
    size = max(1, CHUNK_ELEMENTS // max(1, num_nodes))
    most = num_nodes if max_distance is None else max_distance
    nodes = torch.arange(num_nodes, device=edge_index.device)
    found = [_search(steps, nodes[first : first + size], most) for first in range(0, num_nodes, size)]
    return torch.cat(found, dim=1) if found else torch.empty(0, 0, dtype=torch.int32, device=edge_index.device)


def _search(steps: Tensor, starts: Tensor, most: int) -> Tensor:
    """Distances (N, starts) from some nodes to all, breadth first."""
    reached = torch.zeros(steps.shape[0], len(starts), device=steps.device)
    reached[starts, torch.arange(len(starts), device=steps.device)] = 1.0
    distance = reached.to(torch.int32) - 1  # 0 at the start, -1 elsewhere
    for length in range(1, most + 1):
        fresh = (torch.sparse.mm(steps, reached) > 0) & (distance < 0)
        if not fresh.any():
            break
        distance.masked_fill_(fresh, length)
        reached = fresh.to(reached.dtype)
    return distance
