"""The data module of one graph with labelled nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe.plugin.data import DataModule
from attnframe.plugin.splitting import TEST, TRAIN, VAL, complete_parts
from attnframe_graph.data.floor import logistic_regression
from attnframe_graph.data.graph import NO_PART, PARTS, UNLABELLED, Graph, neighbours
from attnframe_graph.recipes.graphs import GraphData


class NodeSplit:
    """The labelled nodes of one part; a batch is the whole graph and some of them.

    A batch is ``{"nodes": (n,), "labels": (n,), "features": (N, F), "edges": (2, M)}``; the last two are the same
    tensors in every batch.

    Args:
        members: (n,) this part's nodes.
        labels: (N,) class indices of all nodes.
        features: (N, F). edges: (2, M).
    """

    def __init__(self, members: Tensor, labels: Tensor, features: Tensor, edges: Tensor) -> None:
        self.members, self.labels, self.features, self.edges = members, labels, features, edges

    def __len__(self) -> int:
        return len(self.members)

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The batch of the nodes at `indices` (n,) of this part."""
        nodes = self.members[indices]
        return {"nodes": nodes, "labels": self.labels[nodes], "features": self.features, "edges": self.edges}


class GraphModule(DataModule):
    """One graph and its labelled nodes.

    Facts: ``classes``, ``features`` (names), ``nodes`` and ``edges`` (numbers), and how edges are read:
    ``undirected``, ``self_loops``.

    Args:
        recipe: how edges are read and nodes are split.
        read: reads the graph.
    """

    train: NodeSplit
    val: NodeSplit
    test: NodeSplit

    def __init__(self, recipe: GraphData, read: Callable[[], Graph]) -> None:
        self.recipe, self.read = recipe, read

    def setup(self) -> None:
        graph = self.read()
        if self.known_facts is not None:
            graph = as_known(graph, self.known_facts)
        parts = graph.parts
        if (parts == NO_PART).all():
            parts = np.where(graph.labels == UNLABELLED, NO_PART, TRAIN).astype(np.uint8)
        graph = replace(graph, parts=complete_parts(parts, graph.labels, self.recipe.split))
        if faults := self._faults(graph):
            raise DataError(faults)
        edges = neighbours(
            graph.edges, len(graph.names), undirected=self.recipe.undirected, self_loops=self.recipe.self_loops
        )
        self.digest = replace(graph, edges=edges).digest
        labels, features = torch.from_numpy(graph.labels), torch.from_numpy(graph.features)
        index = torch.from_numpy(edges)
        self.train, self.val, self.test = (
            NodeSplit(torch.from_numpy(np.flatnonzero(graph.parts == part)), labels, features, index)
            for part in (TRAIN, VAL, TEST)
        )
        self.facts = {
            "classes": list(graph.classes),
            "features": list(graph.feature_names),
            "nodes": len(graph.names),
            "edges": edges.shape[1],
            "undirected": self.recipe.undirected,
            "self_loops": self.recipe.self_loops,
        }
        if self.known_facts is not None:
            self.facts = self.known_facts

    def floor(self) -> dict[str, Any]:
        return logistic_regression(self.train, self.val, self.test)

    def _faults(self, graph: Graph) -> list[Fault]:
        found = []
        for part, name in enumerate(PARTS):
            if not (graph.parts == part).any():
                works = "Label more nodes, or give each part a share with data.split=[0.8,0.1,0.1]."
                found.append(Fault(f"part {name}", "must hold labelled nodes", "none", works))
        if self.known_facts is None:
            trained = np.bincount(graph.labels[graph.parts == TRAIN], minlength=len(graph.classes))
            for name, count in zip(graph.classes, trained, strict=True):
                if not count:
                    found.append(Fault(f"class {name}", "must have nodes to train on", "none", "Move some to train."))
        return found


def as_known(graph: Graph, facts: Facts) -> Graph:
    """A graph with the classes, in the order, that `facts` name.

    Raises:
        DataError: with every class that the model was not trained on, and when the features are others.
    """
    known = {name: number for number, name in enumerate(facts["classes"])}
    works = f"Known: {', '.join(known)}."
    must = "must be one that the model was trained on"
    faults = [Fault(f"class {name}", must, "", works) for name in graph.classes if name not in known]
    faults += feature_faults(graph, facts)
    if faults:
        raise DataError(faults)
    numbers = np.array([*(known[name] for name in graph.classes), UNLABELLED], np.int64)
    return replace(graph, labels=numbers[graph.labels], classes=tuple(known))


def feature_faults(graph: Graph, facts: Facts) -> list[Fault]:
    """What is wrong with the features of a graph for a model that was trained on those that `facts` name."""
    wanted = facts["features"]
    if list(graph.feature_names) == wanted:
        return []
    missing = [name for name in wanted if name not in graph.feature_names]
    got = f"{len(graph.feature_names)} features" + (f", without {', '.join(missing[:5])}" if missing else "")
    return [Fault("features", f"must be the {len(wanted)} that the model was trained on, in their order", got)]
