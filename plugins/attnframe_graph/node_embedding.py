"""What a network of nodes begins with: mapped features, and where a node is."""

from __future__ import annotations

from torch import Tensor, nn

from attnframe.models.positioning import divide
from attnframe.positions.base import Position
from attnframe_graph.feature_map import FeatureMap
from attnframe_graph.places import Places


class NodeEmbedding(nn.Module):
    """Features of nodes, mapped linearly, and their positions in the graph, added or left to the layers.

    Args:
        features: F of each node. dim: width D.
        dropout: probability of dropping a feature in training, in [0, 1].
        position: the position module.

    Attributes:
        inner_position: what the layers get; None for nothing.
    """

    def __init__(self, features: int, dim: int, dropout: float, position: Position) -> None:
        super().__init__()
        self.feature_map = FeatureMap(features, dim, dropout)
        self.position, self.inner_position = divide(position)
        self._places = Places(position)

    def forward(self, features: Tensor, edges: Tensor, sizes: Tensor) -> tuple[Tensor, Tensor | None]:
        """Vectors (N, D) of nodes, and positions (1, N, C) for the layers, None when these read none.

        Args:
            features: (N, F).
            edges: (2, M), sorted by target.
            sizes: (B,) nodes of each of the graphs that lie side by side.
        """
        x: Tensor = self.feature_map(features)
        places = self._places.of(edges, sizes, len(features))
        if places is None or self.position is None:
            return x, places
        return self.position.add(x.unsqueeze(0), places).squeeze(0), None
