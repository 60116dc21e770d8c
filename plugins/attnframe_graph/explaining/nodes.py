"""Explanations of the classes of nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor

from attnframe.errors import Fault, UnsupportedError
from attnframe.explanation.classes import class_answer, log_share
from attnframe.interpretation import attention_layers
from attnframe.plugin.subject import Drawing, Maps, Subject
from attnframe.positions.graph import GraphPosition
from attnframe_graph.data.graph import Graph, neighbours
from attnframe_graph.explaining.base import GraphSubject

if TYPE_CHECKING:
    from attnframe_graph.node_classifier import NodeClassifier

MOST: Final = 3000
"""Nodes of a neighbourhood, above which weights of all pairs take too much memory."""
SIDE_BY_SIDE: Final = 20_000
"""Nodes that are run together."""


class LabelledNode(GraphSubject):
    """A node and its class; its units are the nodes that it can see through all layers. The model runs on these alone,
    or on the whole graph where positions are made of it.

    Args:
        name: of the node. classifier: in evaluation mode.
        names: of all nodes. features: (N, F). edges: (2, M) as the model takes them.
        node: its number. shares: probabilities of its classes.
    """

    read_out = "at the node itself"

    def __init__(
        self,
        name: str,
        classifier: NodeClassifier,
        names: Sequence[str],
        features: Tensor,
        edges: Tensor,
        node: int,
        shares: Sequence[float],
    ) -> None:
        self.classifier = classifier
        self.record = classifier.record(name, shares)
        self.label = classifier.facts["classes"].index(self.record["label"])
        self.score = f"log-probability of {self.record['label']}"
        layers = [one for one in attention_layers(classifier) if one.startswith("network.")]
        seen = reached(edges, node, len(features), len(layers))
        if len(seen) > MOST:
            works = "Explain another one: explain.named=NODE."
            raise UnsupportedError(Fault(f"node {name}", f"must see at most {MOST} nodes", str(len(seen)), works))
        self.placed = any(isinstance(module, GraphPosition) for module in classifier.modules())
        if self.placed and len(features) <= MOST:
            places = seen
        else:
            places = torch.arange(len(seen), device=seen.device)
            features, edges = within(features, edges, seen)
            if self.placed:
                self.note = f"The graph is large: positions are those among the {len(seen)} nodes that are seen."
            node = int((seen == node).nonzero())
        super().__init__(
            name,
            class_answer(self.record),
            classifier,
            [names[place] for place in seen.tolist()],
            features,
            edges,
            places,
            prefix="network.",
            residual=classifier.network.residual,
        )
        self.explained = node

    def scores(self, kept: Tensor) -> Tensor:
        # Positions are made of one graph, so versions that lie side by side would be another one.
        together = 1 if self.placed else max(1, SIDE_BY_SIDE // len(self.features))
        parts = (kept[start : start + together] for start in range(0, len(kept), together))
        return torch.cat([self._scores(part) for part in parts])

    def _scores(self, kept: Tensor) -> Tensor:
        features, edges, _ = self.versions(kept)
        nodes = torch.arange(len(kept), device=features.device) * len(self.features) + self.explained
        return log_share(self.classifier({"nodes": nodes, "features": features, "edges": edges}), self.label)

    def relevance(self, maps: Maps) -> Tensor:
        return self.through(maps)[self.explained, self.places]

    def drawings(self, maps: Maps) -> Sequence[Drawing]:
        begin = torch.zeros(len(self.features), device=self.features.device)
        begin[self.explained] = 1.0
        return [self.edge_drawing(maps, begin)]

    def plain(self) -> Mapping[str, Any]:
        return {"label": self.record["label"], "probability": self.record["probability"]}


def labelled_nodes(classifier: NodeClassifier, graph: Graph) -> Iterator[tuple[str, Callable[[], Subject]]]:
    """The nodes of a graph by name.

    Args:
        classifier: in evaluation mode. graph: of a user's own.
    """
    device, facts = next(classifier.parameters()).device, classifier.facts
    nodes = len(graph.names)
    edges = torch.from_numpy(
        neighbours(graph.edges, nodes, undirected=facts["undirected"], self_loops=facts["self_loops"])
    ).to(device)
    features = torch.from_numpy(graph.features).to(device)
    with torch.no_grad():
        logits = classifier({"nodes": torch.arange(nodes, device=device), "features": features, "edges": edges})
    for node, (name, shares) in enumerate(zip(graph.names, logits.float().softmax(1).tolist(), strict=True)):
        yield name, partial(LabelledNode, name, classifier, graph.names, features, edges, node, shares)


def reached(edges: Tensor, node: int, nodes: int, steps: int) -> Tensor:
    """The nodes (U,) from which a node can be reached in at most so many steps, ascending.

    Args:
        edges: (2, M), source and target. node: the one reached. nodes: N. steps: at most.
    """
    seen = torch.zeros(nodes, dtype=torch.bool, device=edges.device)
    seen[node] = True
    for _ in range(steps):
        seen[edges[0, seen[edges[1]]]] = True
    return seen.nonzero().flatten()


def within(features: Tensor, edges: Tensor, chosen: Tensor) -> tuple[Tensor, Tensor]:
    """Features and edges of some nodes alone, numbered anew, in the order of before.

    Args:
        features: (N, F). edges: (2, M). chosen: (U,) ascending.
    """
    number = torch.full((len(features),), -1, device=edges.device)
    number[chosen] = torch.arange(len(chosen), device=edges.device)
    moved = number[edges]
    return features[chosen], moved[:, (moved >= 0).all(0)]
