"""One vector of those of a graph's nodes."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn

from attnframe.bridges import AttentionPooling


class Pooling(nn.Module, ABC):
    """Base of poolings."""

    @abstractmethod
    def forward(self, x: Tensor, graph: Tensor, sizes: Tensor) -> Tensor:
        """Vectors (N, D) of nodes to (B, D), 0 for a graph without nodes.

        Args:
            x: (N, D).
            graph: (N,) which graph each node is of. sizes: (B,) nodes of each.
        """

    def weights(self, x: Tensor, graph: Tensor, sizes: Tensor) -> Tensor:
        """The share (N,) of each node in the vector of its graph: all alike by default."""
        return 1 / sizes.to(x.dtype)[graph]


class MeanOfNodes(Pooling):
    """The mean of a graph's nodes."""

    def forward(self, x: Tensor, graph: Tensor, sizes: Tensor) -> Tensor:
        return _sums(x, graph, sizes) / sizes.clamp(min=1).unsqueeze(1).to(x.dtype)


class SumOfNodes(Pooling):
    """The sum of a graph's nodes over the mean number of nodes of the training graphs.

    Args:
        mean_nodes: that number, above 0.
    """

    def __init__(self, mean_nodes: float) -> None:
        super().__init__()
        self.mean_nodes = mean_nodes

    def forward(self, x: Tensor, graph: Tensor, sizes: Tensor) -> Tensor:
        return _sums(x, graph, sizes) / self.mean_nodes


class WeighedNodes(Pooling):
    """A weighted mean of a graph's nodes, weighed by a learned question (Yang et al. 2016,
    https://aclanthology.org/N16-1174).

    Args:
        dim: width D.
    """

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.pooling = AttentionPooling(dim)

    def forward(self, x: Tensor, graph: Tensor, sizes: Tensor) -> Tensor:
        return self.pooling.segments(x, graph, len(sizes))

    def weights(self, x: Tensor, graph: Tensor, sizes: Tensor) -> Tensor:
        return self.pooling.segment_weights(x, graph, len(sizes))


def make_pooling(name: str, dim: int, mean_nodes: float) -> Pooling:
    """The pooling that ``model.pooling`` names."""
    if name == "attention":
        return WeighedNodes(dim)
    return SumOfNodes(mean_nodes) if name == "sum" else MeanOfNodes()


def _sums(x: Tensor, graph: Tensor, sizes: Tensor) -> Tensor:
    return x.new_zeros(len(sizes), x.shape[1]).index_add(0, graph, x)
