"""What positions on a graph share: they are computed from its edges."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import torch
from torch import Tensor
from torch.sparse import check_sparse_tensor_invariants

from attnframe.errors import ConfigurationError, Fault


class GraphPosition(ABC):
    """Besides a view of `Position`: a scheme whose positions are computed from the edges of a graph, once.

    Graphs are taken one at a time. The positions of a batch are those of its graphs, padded and stacked, or those of
    one graph of several components where the scheme says so.
    """

    @abstractmethod
    def coordinates(self, edge_index: Tensor, num_nodes: int) -> Tensor:
        """The positions (1, N, C) of all nodes of a graph.

        Args:
            edge_index: (2, edges) int64: row 0 the source, row 1 the target of each edge; an undirected edge stands
                there both ways.
            num_nodes: nodes N.

        Raises:
            ConfigurationError: when `edge_index` has another shape or names other nodes.
        """


def check_edges(edge_index: Tensor, num_nodes: int) -> None:
    """Refuse an edge list that does not fit.

    Raises:
        ConfigurationError: when it has another shape or type, or names nodes outside of 0 to N - 1.
    """
    if edge_index.dim() != 2 or edge_index.shape[0] != 2 or edge_index.is_floating_point():
        got = f"shape {tuple(edge_index.shape)} of {edge_index.dtype}"
        raise ConfigurationError(Fault("edge_index", "must have shape (2, edges) and hold integers", got))
    if edge_index.numel():
        low, high = (int(bound) for bound in edge_index.aminmax())
        if low < 0 or high >= num_nodes:
            raise ConfigurationError(Fault("edge_index", f"must name nodes 0 to {num_nodes - 1}", f"{low} to {high}"))


def sparse_matrix(rows: Tensor, columns: Tensor, values: Tensor, size: int) -> Tensor:
    """The sparse (size, size) matrix of some entries; entries at the same place are added."""
    checked: Any = check_sparse_tensor_invariants  # torch gives it no types
    with checked(True):
        return torch.sparse_coo_tensor(torch.stack([rows, columns]), values, (size, size)).coalesce()
