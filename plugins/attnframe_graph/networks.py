"""Networks from the features of nodes to a vector each: one for each `model=` of the task."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.masks import Edges
from attnframe.models import Encoder
from attnframe.models.positioning import divide, enter
from attnframe.plugin.contract import Parts
from attnframe.positions.graph import GraphPosition
from attnframe_graph.feature_map import FeatureMap

if TYPE_CHECKING:
    from attnframe_graph.recipes.graph_network import GraphNetworkRecipe
    from attnframe_graph.recipes.model import NodeModel
    from attnframe_graph.recipes.transformer import GraphTransformerRecipe


class NodeNetwork(nn.Module, ABC):
    """Base of the networks of nodes.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        features: F of each node. nodes: N of the graph that it is trained on.
    """

    def __init__(self, model: NodeModel, parts: Parts, features: int, nodes: int) -> None:
        super().__init__()
        self.feature_map = FeatureMap(features, model.dim, model.feature_dropout)
        position = parts.build_position(max_length=nodes)
        self.position, self.inner_position = divide(position)
        self._places: tuple[Tensor, Tensor] | None = None

    @abstractmethod
    def forward(self, features: Tensor, edges: Edges) -> Tensor:
        """Features (N, F) to vectors (N, D)."""

    def places(self, edges: Edges) -> Tensor | None:
        """Positions (1, N, C) of the nodes of a graph, computed once; None when the scheme reads none."""
        position = self.position or self.inner_position
        if not isinstance(position, GraphPosition):
            return None
        index, nodes = edges.edge_index, edges.num_queries
        if index.is_meta:  # A ring has coordinates of the same form.
            with torch.device("cpu"):
                ring = torch.arange(nodes)
                return position.coordinates(torch.stack([ring, ring.roll(1)]), nodes).to("meta")
        if self._places is None or self._places[0] is not index:
            self._places = index, position.coordinates(index, nodes)
        return self._places[1]


class GraphNetwork(NodeNetwork):
    """Layers of attention among neighbours (GAT, Velickovic et al. 2018, https://arxiv.org/abs/1710.10903).

    x <- elu(attention(dropout(x))), on request added to x

    Args:
        model: its recipe.
        parts: attention and position recipes.
        features: F of each node. nodes: N of the graph that it is trained on.
    """

    def __init__(self, model: GraphNetworkRecipe, parts: Parts, features: int, nodes: int) -> None:
        super().__init__(model, parts, features, nodes)
        self.dropout, self.residual = model.dropout, model.residual
        self.layers = nn.ModuleList(
            parts.attention.build(model.dim, position=self.inner_position) for _ in range(model.depth)
        )

    def forward(self, features: Tensor, edges: Edges) -> Tensor:
        x, positions = enter(self.feature_map(features).unsqueeze(0), self.position, self.places(edges), 0)
        for layer in self.layers:
            mixed = F.elu(layer(F.dropout(x, self.dropout, self.training), mask=edges, positions=positions))
            x = x + mixed if self.residual else mixed
        return F.dropout(x, self.dropout, self.training).squeeze(0)


class TransformerNetwork(NodeNetwork):
    """The shared encoder over the nodes, masked by the edges (Dwivedi and Bresson 2021,
    https://arxiv.org/abs/2012.09699).

    Args:
        model: its recipe.
        parts: attention and position recipes.
        features: F of each node. nodes: N of the graph that it is trained on.
    """

    def __init__(self, model: GraphTransformerRecipe, parts: Parts, features: int, nodes: int) -> None:
        super().__init__(model, parts, features, nodes)
        self.encoder = Encoder(
            model.dim,
            model.depth,
            parts.attention,
            self.inner_position,
            mlp_ratio=model.mlp_ratio,
            dropout=model.dropout,
        )

    def forward(self, features: Tensor, edges: Edges) -> Tensor:
        x, positions = enter(self.feature_map(features).unsqueeze(0), self.position, self.places(edges), 0)
        out: Tensor = self.encoder(x, mask=edges, positions=positions)
        return out.squeeze(0)
