"""Positions of the nodes of graphs, computed from their edges."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from attnframe.positions.base import Position
from attnframe.positions.graph import GraphPosition


class Places:
    """Positions of nodes, computed once for each graph.

    A graph is known again by its edges, so it may come in any batch.

    Args:
        position: the scheme; positions are None unless it is made from a graph's edges.
    """

    def __init__(self, position: Position | None) -> None:
        self.position = position if isinstance(position, GraphPosition) else None
        self._known: dict[tuple[int, bytes], Tensor] = {}

    def of(self, edges: Tensor, sizes: Tensor, nodes: int) -> Tensor | None:
        """Positions (1, N, C) of the nodes of graphs side by side.

        Where the scheme gives a node as many coordinates as its graph has nodes, those of small graphs are filled up
        with -1.

        Args:
            edges: (2, M) numbered over all N nodes, sorted by target.
            sizes: (B,) nodes of each graph. nodes: N of all.
        """
        position = self.position
        if position is None:
            return None
        if edges.is_meta:  # A ring has coordinates of the same form.
            with torch.device("cpu"):
                ring = torch.arange(nodes)
                return position.coordinates(torch.stack([ring, ring.roll(1)]), nodes).to("meta")
        local, ends = edges.cpu(), sizes.cpu().cumsum(0)
        borders = torch.searchsorted(local[1].contiguous(), ends).tolist()
        found, start, first = [], 0, 0
        for end, last in zip(ends.tolist(), borders, strict=True):
            found.append(self._of_one(position, local[:, first:last] - start, end - start))
            start, first = end, last
        widest = max(one.shape[1] for one in found)
        padded = [one if one.shape[1] == widest else F.pad(one, (0, widest - one.shape[1]), value=-1) for one in found]
        return torch.cat(padded).unsqueeze(0).to(edges.device)

    def _of_one(self, position: GraphPosition, edges: Tensor, nodes: int) -> Tensor:
        key = nodes, edges.numpy().tobytes()
        if key not in self._known:
            self._known[key] = position.coordinates(edges, nodes)[0]
        return self._known[key]
