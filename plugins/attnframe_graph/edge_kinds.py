"""A bias for each kind of edge."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.positions.base import BiasPosition
from attnframe.positions.look_up import look_up


class EdgeKinds(BiasPosition):
    """A learned number for each head and kind of edge, added to the score of its two ends (the edge encoding of
    Graphormer for the edge itself, Ying et al. 2021, https://arxiv.org/abs/2106.05234).

    bias(h, q, k) = table[kind of the edge from k to q, h]

    Pairs without an edge share a number. The position of a node is its own number, those of its neighbours, and the
    kinds of the edges from them, as `coordinates` gives them.

    Args:
        num_heads: heads H.
        kinds: how many kinds of edges there are, self-loops among them.

    Shapes:
        `bias`: query positions (B or 1, T, C), key positions (B or 1, S, C), integers -> (B or 1, H, T, S).
    """

    def __init__(self, num_heads: int, kinds: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.empty(kinds + 1, num_heads))  # (no edge and all kinds, H)
        nn.init.normal_(self.table, std=0.02)

    def bias(self, query_positions: Tensor, key_positions: Tensor) -> Tensor:
        _, near, kinds = _parts(query_positions)
        own, _, _ = _parts(key_positions)
        joined = near.unsqueeze(2) == own[:, None, :, None]  # (B, T, S, neighbours)
        return look_up(self.table, ((kinds + 1).unsqueeze(2) * joined).sum(-1))

    @staticmethod
    def coordinates(edges: Tensor, kinds: Tensor, nodes: int) -> Tensor:
        """Positions (1, N, 1 + 2 C) of nodes of which none has more than C neighbours.

        Args:
            edges: (2, M), sorted by target. kinds: (M,), from 0. nodes: N.
        """
        if edges.is_meta:
            return torch.zeros(1, nodes, 3, dtype=torch.int64, device="meta")
        source, target = edges
        counts = torch.bincount(target, minlength=nodes)
        most = int(counts.max()) if nodes else 0
        rank = torch.arange(len(target), device=edges.device) - (counts.cumsum(0) - counts)[target]
        found = torch.full((nodes, 1 + 2 * most), -1, device=edges.device)
        found[:, 0] = torch.arange(nodes, device=edges.device)
        found[target, 1 + rank] = source
        found[target, 1 + most + rank] = kinds
        return found.unsqueeze(0)


def _parts(positions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """A node's own number (B, T), its neighbours (B, T, C) and the kinds of their edges (B, T, C)."""
    most = (positions.shape[2] - 1) // 2
    return positions[..., 0], positions[..., 1 : 1 + most], positions[..., 1 + most :]
