"""Networks of nodes that see their neighbours: one for each `model=` of the tasks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.masks import Edges
from attnframe.models import Encoder
from attnframe.plugin.contract import Parts
from attnframe.positions.base import Position

if TYPE_CHECKING:
    from attnframe_graph.recipes.graph_network import GraphNetworkRecipe
    from attnframe_graph.recipes.transformer import GraphTransformerRecipe


class NodeNetwork(nn.Module, ABC):
    """Base of the networks of nodes."""

    @abstractmethod
    def forward(self, x: Tensor, edges: Edges, positions: Tensor | None) -> Tensor:
        """Vectors (N, D) of nodes to others.

        Args:
            x: (N, D).
            edges: who sees whom.
            positions: (1, N, C) positions of the nodes for the layers; None when they read none.
        """


class GraphNetwork(NodeNetwork):
    """Layers of attention among neighbours (GAT, Velickovic et al. 2018, https://arxiv.org/abs/1710.10903).

    x <- attention(dropout(elu(x))), on request added to x; the first layer takes x as it is

    A linear head after the last layer makes of its heads those of GAT's output layer, added up.

    Args:
        model: its recipe.
        parts: the attention recipe.
        position: position module of the layers; None for none.
    """

    def __init__(self, model: GraphNetworkRecipe, parts: Parts, position: Position | None) -> None:
        super().__init__()
        self.dropout, self.residual = model.dropout, model.residual
        self.layers = nn.ModuleList(parts.attention.build(model.dim, position=position) for _ in range(model.depth))

    def forward(self, x: Tensor, edges: Edges, positions: Tensor | None) -> Tensor:
        x = x.unsqueeze(0)
        for number, layer in enumerate(self.layers):
            taken = F.dropout(F.elu(x), self.dropout, self.training) if number else x
            mixed = layer(taken, mask=edges, positions=positions)
            x = x + mixed if self.residual else mixed
        return x.squeeze(0)


class TransformerNetwork(NodeNetwork):
    """The shared encoder over the nodes, masked by the edges (Dwivedi and Bresson 2021,
    https://arxiv.org/abs/2012.09699).

    Args:
        model: its recipe.
        parts: the attention recipe.
        position: position module of the layers; None for none.
    """

    def __init__(self, model: GraphTransformerRecipe, parts: Parts, position: Position | None) -> None:
        super().__init__()
        self.encoder = Encoder(
            model.dim, model.depth, parts.attention, position, mlp_ratio=model.mlp_ratio, dropout=model.dropout
        )

    def forward(self, x: Tensor, edges: Edges, positions: Tensor | None) -> Tensor:
        out: Tensor = self.encoder(x.unsqueeze(0), mask=edges, positions=positions)
        return out.squeeze(0)
