"""A batch of graphs to one vector each, and outputs of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from attnframe.blocks import Dropout
from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Edges
from attnframe.plugin.contract import Facts, Parts
from attnframe.plugin.task_module import Batch
from attnframe_graph.data.encoding import width
from attnframe_graph.edge_kinds import EdgeKinds
from attnframe_graph.node_embedding import NodeEmbedding
from attnframe_graph.pooling import make_pooling
from attnframe_graph.recipes.model import NodeModel
from attnframe_graph.recipes.pooled import Pooled

if TYPE_CHECKING:
    from attnframe.positions.base import Position


class GraphEncoder(nn.Module):
    """Nodes are embedded, see their neighbours layer on layer, and are pooled; a head of one hidden layer answers.

    A batch is ``{"sizes": (B,), "graph": (N,), "features": (N, F), "edges": (2, M), "kinds": (M,)}``, all int64 but the
    features; edges are sorted by target.

    Args:
        parts: attention, position and model recipes, the last a `NodeModel` that is `Pooled`.
        facts: of `facts_of`.
        outputs: numbers O that the head gives.
    """

    def __init__(self, parts: Parts, facts: Facts, outputs: int) -> None:
        super().__init__()
        model = parts.model
        if not isinstance(model, NodeModel) or not isinstance(model, Pooled):
            raise ConfigurationError(Fault("model", "must be a NodeModel that pools", type(model).__name__))
        position = parts.build_position(max_length=facts["nodes"])
        self.embedding = NodeEmbedding(width(facts), model.dim, model.feature_dropout, position)
        inner: Position | None = self.embedding.inner_position
        self.reads_kinds = bool(
            model.edge_bias and facts["kinds"] and inner is None and parts.attention.capabilities.bias
        )
        if self.reads_kinds:
            inner = EdgeKinds(parts.attention.num_heads, len(facts["kinds"]) + 1)
        self.network = model.build(parts, inner)
        self.input_readout = model.input_readout
        self.pooling = make_pooling(model.pooling, model.dim, facts["mean_nodes"])
        read = model.dim * (2 if model.input_readout else 1)
        self.head = nn.Sequential(
            nn.Linear(read, model.dim), nn.GELU(), Dropout(model.dropout), nn.Linear(model.dim, outputs)
        )

    def forward(self, batch: Batch) -> Tensor:
        """(B, O) of a batch of graphs."""
        features, edges, sizes, graph = (batch[name] for name in ("features", "edges", "sizes", "graph"))
        x, places = self.embedding(features, edges, sizes)
        if self.reads_kinds:
            places = EdgeKinds.coordinates(edges, batch["kinds"], len(features))
        nodes = self.network(x, Edges(edges, len(features)), places)
        read = [self.pooling(nodes, graph, sizes)]
        if self.input_readout:
            read.append(self.pooling(x, graph, sizes))
        out: Tensor = self.head(torch.cat(read, 1))
        return out


def example_graphs(facts: Facts, batch_size: int, device: str) -> dict[str, Tensor]:
    """As many rings of three nodes."""
    graph = torch.arange(3 * batch_size, device=device) // 3
    node = torch.arange(3 * batch_size, device=device)
    return {
        "sizes": torch.full((batch_size,), 3, device=device),
        "graph": graph,
        "features": torch.zeros(3 * batch_size, width(facts), device=device),
        "edges": torch.stack([3 * graph + (node + 1) % 3, node]),
        "kinds": torch.ones(3 * batch_size, dtype=torch.int64, device=device),
    }
