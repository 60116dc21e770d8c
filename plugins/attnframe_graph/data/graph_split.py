"""Batches of graphs, each batch one graph of several components."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


class Union:
    """Graphs side by side as tensors, of which any may be taken together.

    Args:
        sizes: (G,) nodes of each graph.
        features: (N, F). edges: (2, M) numbered over all N nodes, sorted by target. kinds: (M,).
    """

    def __init__(
        self,
        sizes: npt.NDArray[np.int64],
        features: npt.NDArray[np.float32],
        edges: npt.NDArray[np.int64],
        kinds: npt.NDArray[np.int64],
    ) -> None:
        self.sizes, self.features = torch.from_numpy(sizes), torch.from_numpy(features)
        self.edges, self.kinds = torch.from_numpy(edges), torch.from_numpy(kinds)
        self.node_ends = self.sizes.cumsum(0)
        self.edge_ends = torch.searchsorted(self.edges[1].contiguous(), self.node_ends)
        self.edge_counts = self.edge_ends.diff(prepend=torch.zeros(1, dtype=torch.int64))

    def take(self, indices: Tensor) -> dict[str, Tensor]:
        """The graphs at `indices` (B,) as one graph of B components.

        Returns:
            ``sizes`` (B,), ``graph`` (N,) which of the B each node is of, ``features`` (N, F), ``edges`` (2, M) and
            ``kinds`` (M,), all int64 but the features.
        """
        sizes, counts = self.sizes[indices], self.edge_counts[indices]
        nodes, graph = _ranges(self.node_ends[indices] - sizes, sizes)
        links, of_graph = _ranges(self.edge_ends[indices] - counts, counts)
        moved = (sizes.cumsum(0) - sizes) - (self.node_ends[indices] - sizes)
        return {
            "sizes": sizes,
            "graph": graph,
            "features": self.features.index_select(0, nodes),
            "edges": self.edges.index_select(1, links) + moved[of_graph],
            "kinds": self.kinds[links],
        }


class GraphSplit:
    """The graphs of one part with their targets; a batch is what `Union.take` gives, after the targets.

    Args:
        members: (n,) this part's graphs.
        targets: (G,) of all graphs: int64 class indices, or float32 values.
        key: what a batch calls the targets: ``labels`` or ``values``.
        graphs: all graphs.
    """

    def __init__(self, members: Tensor, targets: Tensor, key: str, graphs: Union) -> None:
        self.members, self.targets, self.key, self.graphs = members, targets, key, graphs

    def __len__(self) -> int:
        return len(self.members)

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The batch of the graphs at `indices` (n,) of this part."""
        chosen = self.members[indices]
        return {self.key: self.targets[chosen], **self.graphs.take(chosen)}


def _ranges(starts: Tensor, counts: Tensor) -> tuple[Tensor, Tensor]:
    """The numbers from each start on, as many as its count, end to end; and which range each is of."""
    which = torch.repeat_interleave(torch.arange(len(counts)), counts)
    return torch.arange(len(which)) + (starts - (counts.cumsum(0) - counts))[which], which
