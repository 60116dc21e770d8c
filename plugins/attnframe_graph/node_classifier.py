"""The module of the task `node_classification`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, DataError, Fault
from attnframe.masks import Edges
from attnframe.plugin.classifier import Classifier
from attnframe.plugin.contract import Facts, Parts, PredictRecipe
from attnframe.plugin.subject import Subject
from attnframe.plugin.task_module import Batch
from attnframe_graph.data.graph import Graph, neighbours
from attnframe_graph.data.graph_csv import read_graph_csv, write_example
from attnframe_graph.data.module import feature_faults
from attnframe_graph.explaining.nodes import labelled_nodes
from attnframe_graph.node_embedding import NodeEmbedding
from attnframe_graph.recipes.model import Classifying, NodeModel


class NodeClassifier(Classifier):
    """A network from the features of all nodes to logits of each.

    A batch is ``{"nodes": (n,), "labels": (n,), "features": (N, F), "edges": (2, M)}``, all int64 but the features.

    Args:
        parts: attention, position and model recipes, the last a `NodeModel` that is `Classifying`.
        facts: of `GraphModule`.
    """

    def __init__(self, parts: Parts, facts: Facts) -> None:
        model = parts.model
        if not isinstance(model, NodeModel) or not isinstance(model, Classifying):
            raise ConfigurationError(Fault("model", "must be a NodeModel of classes", type(model).__name__))
        super().__init__(facts, model.label_smoothing)
        position = parts.build_position(max_length=facts["nodes"])
        self.embedding = NodeEmbedding(len(facts["features"]), model.dim, model.feature_dropout, position)
        self.network = model.build(parts, self.embedding.inner_position, len(facts["classes"]))
        self._edges: Edges | None = None

    def forward(self, batch: Batch) -> Tensor:
        """Logits (n, classes) of the nodes of the batch."""
        features, edges = batch["features"], batch["edges"]
        x, places = self.embedding(features, edges, torch.tensor([len(features)]))
        logits: Tensor = self.network(x, self._mask(edges, len(features)), places)
        return logits[batch["nodes"]]

    def _mask(self, edges: Tensor, nodes: int) -> Edges:
        """The mask of an edge list, made once, since that sorts the edges."""
        if self._edges is None or self._edges.edge_index is not edges:
            self._edges = Edges(edges, nodes)
        return self._edges

    def example_batch(self, batch_size: int, device: str = "cpu") -> Batch:
        """A graph of as many nodes as edges: a ring."""
        nodes = torch.arange(batch_size, device=device)
        return {
            "nodes": nodes,
            "labels": torch.zeros(batch_size, dtype=torch.int64, device=device),
            "features": torch.zeros(batch_size, len(self.facts["features"]), device=device),
            "edges": torch.stack([nodes.roll(1), nodes]),
        }

    def example_input(self, folder: Path) -> str:
        """A folder with a ring of five nodes."""
        return str(write_example(folder / "ring", self.facts["features"]))

    def read_inputs(self, source: str, options: PredictRecipe) -> Iterable[tuple[str, Graph]]:
        """The graph of a folder with ``nodes.csv`` and ``edges.csv``; labels and parts are not looked at.

        Raises:
            DataError: with everything that is wrong with the folder, other features than those of training included.
        """
        graph = read_graph_csv(Path(source), labelled=False, where="input")
        if faults := feature_faults(graph, self.facts):
            raise DataError(faults)
        return [(source, graph)]

    @torch.no_grad()
    def predict(self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe) -> Iterator[dict[str, Any]]:
        """``input`` (the node), ``label``, ``probability`` and ``probabilities`` (by class) of each node."""
        self.eval()
        device = next(self.parameters()).device
        for _, graph in inputs:
            nodes = len(graph.names)
            edges = neighbours(
                graph.edges, nodes, undirected=self.facts["undirected"], self_loops=self.facts["self_loops"]
            )
            batch = {
                "nodes": torch.arange(nodes, device=device),
                "features": torch.from_numpy(graph.features).to(device),
                "edges": torch.from_numpy(edges).to(device),
            }
            for name, shares in zip(graph.names, self(batch).float().softmax(1).tolist(), strict=True):
                yield self.record(name, shares)

    def subjects(
        self, inputs: Iterable[tuple[str, Any]], options: PredictRecipe
    ) -> Iterator[tuple[str, Callable[[], Subject]]]:
        """Each node with its class."""
        for _, graph in inputs:
            yield from labelled_nodes(self, graph)
