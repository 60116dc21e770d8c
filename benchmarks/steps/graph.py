"""Graph networks."""

from __future__ import annotations

from typing import Final

import torch
import torch.nn.functional as F
from interleaved import Step
from torch import Tensor, nn

from attnframe.plugin.contract import Parts
from attnframe.recipes.position.none import NoPositionScheme
from steps.base import Case, training

GRAPH: Final = (2708, 1433, 10_556)
"""Nodes, features and edges."""


def citations() -> tuple[Tensor, Tensor, Tensor]:
    """A graph as large as Cora: features, of which one in 79 is not 0, edges both ways, and labels of 140 nodes."""
    features = torch.rand(GRAPH[0], GRAPH[1]) * (torch.rand(GRAPH[0], GRAPH[1]) < 0.0127)
    edges = torch.randint(GRAPH[0], (2, GRAPH[2]))
    return features, edges[:, edges[0] != edges[1]].unique(dim=1), torch.randint(7, (140,))


def gat_ours() -> Step:
    """Our graph plugin's module as `data=cora` sets it; the graph lists its self-loops."""
    from attnframe_graph.node_classifier import NodeClassifier
    from attnframe_graph.recipes.graph_network import ClassifyingNetwork

    from attnframe.recipes.attention.gat import GraphAttention

    features, edges, labels = citations()
    loops = torch.arange(GRAPH[0]).expand(2, -1)
    facts = {"classes": [str(n) for n in range(7)], "features": [str(n) for n in range(GRAPH[1])], "nodes": GRAPH[0]}
    model = ClassifyingNetwork(dim=64, depth=2, dropout=0.6, feature_dropout=0.6)
    parts = Parts(attention=GraphAttention(num_heads=8, dropout=0.6), position=NoPositionScheme(), model=model)
    module = NodeClassifier(parts, facts)
    batch = {"nodes": torch.arange(140), "labels": labels, "features": features}
    batch["edges"] = torch.cat([edges, loops], 1)
    return training(module, lambda: module.loss(batch)[0])


class GeometricGat(nn.Module):
    """GAT 8 x 8 of torch-geometric's layers, which add the self-loops."""

    def __init__(self) -> None:
        super().__init__()
        from torch_geometric.nn import GATConv

        self.inner = GATConv(GRAPH[1], 8, heads=8, dropout=0.6)
        self.outer = GATConv(64, 7, heads=1, concat=False, dropout=0.6)

    def forward(self, features: Tensor, edges: Tensor) -> Tensor:
        hidden = F.elu(self.inner(F.dropout(features, 0.6, self.training), edges))
        logits: Tensor = self.outer(F.dropout(hidden, 0.6, self.training), edges)
        return logits


def gat_geometric() -> Step:
    features, edges, labels = citations()
    model = GeometricGat()
    return training(model, lambda: F.cross_entropy(model(features, edges)[:140], labels))


CASES: Final[dict[str, Case]] = {
    "gat": Case(
        "training step, GAT 8 x 8 on a graph as large as Cora, dropout 0.6, full batch",
        gat_ours,
        {"torch-geometric": gat_geometric},
        2.0,
        ("torch-geometric",),
    ),
}
