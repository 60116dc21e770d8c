"""What explanations of graphs share: versions of a graph without some nodes, and its picture."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from attnframe.interpretation import attention_layers
from attnframe.pictures import graph
from attnframe.plugin.subject import Drawing, Maps, Subject, Values
from attnframe_graph.explaining.layout import layout

MOST_NODES: Final = 40
"""Nodes that are drawn, the most relevant ones."""


class GraphSubject(Subject, ABC):
    """Base of subjects whose units are nodes. A node that is deleted has features of 0, and no edges but its own loop
    and, where it is the one that is explained, those from its neighbours.

    Args:
        name: of the input. answer: what the model says.
        model: what runs. nodes: names of the units.
        features: (N, F) of all nodes that the model runs on.
        edges: (2, M) among them, sorted by target, with self-loops where the model has them.
        places: (U,) which of the N nodes each unit is.
        prefix: how names of the layers begin. residual: whether these have residual connections.
    """

    unit, many = "node", "nodes"
    deletion = "left without features and neighbours"

    def __init__(
        self,
        name: str,
        answer: str,
        model: nn.Module,
        nodes: Sequence[str],
        features: Tensor,
        edges: Tensor,
        places: Tensor,
        *,
        prefix: str,
        residual: bool,
    ) -> None:
        super().__init__(name, answer, model, nodes)
        self.features, self.edges, self.places = features, edges, places
        self.prefix, self.residual = prefix, residual
        self.drawn: list[int] | None = None
        self.explained = -1

    def versions(self, kept: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Versions of the graph side by side.

        Args:
            kept: (n, U) bool.

        Returns:
            Features (n N, F), edges (2, M') and which of the n M edges those are (M',).
        """
        count, nodes = len(kept), len(self.features)
        whole = torch.ones(count, nodes, dtype=torch.bool, device=self.features.device)
        whole[:, self.places] = kept.to(self.features.device)
        source, target = self.edges
        reader = whole[:, target] | (target == self.explained)
        joined = ((whole[:, source] & reader) | (source == target)).flatten().nonzero().flatten()
        start = torch.arange(count, device=self.features.device).view(-1, 1, 1) * nodes
        moved = (self.edges + start).transpose(0, 1).flatten(1)  # (2, n M)
        return (whole.unsqueeze(2) * self.features).flatten(0, 1), moved[:, joined], joined

    def through(self, maps: Maps) -> Tensor:
        """The part (N, N) of each node in each other."""
        return maps.through(self.prefix, residual=self.residual)[0]

    def flow(self, maps: Maps, begin: Tensor) -> Tensor:
        """What flows through each edge (M,) into the answer, over all layers.

        Args:
            maps: what attention says. begin: (N,) the part of each node in the answer behind the last layer.
        """
        names = [name for name in attention_layers(self.model) if name.startswith(self.prefix)]
        source, target = self.edges
        total, reaching = torch.zeros(len(source), device=begin.device), begin
        for name in reversed(names):
            weights = maps.across(name)[0]
            total = total + reaching[target] * weights[target, source]
            passed = reaching @ weights
            reaching = (reaching + passed) / 2 if self.residual else passed
        return total

    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        return self.subgraph(values, np.zeros(self.edges.shape[1]), title)

    def subgraph(self, nodes: Values, edges: Values, title: str) -> str:
        """The most relevant nodes and the edges among them.

        Args:
            nodes: (U,) their shades. edges: (M,) how thick they are. title: said above.
        """
        if self.drawn is None:  # The first values decide, so that all pictures show the same nodes.
            self.drawn = sorted(nodes.argsort(kind="stable")[::-1][:MOST_NODES].tolist())
        number = {int(self.places[unit]): place for place, unit in enumerate(self.drawn)}
        weights: dict[tuple[int, int], float] = {}
        for source, target, weight in zip(*self.edges.tolist(), edges.tolist(), strict=True):
            if source != target and source in number and target in number:
                pair = min(number[source], number[target]), max(number[source], number[target])
                weights[pair] = weights.get(pair, 0.0) + weight
        pairs = np.array([*weights], np.int64).reshape(-1, 2).T
        labels = [self.units[unit] for unit in self.drawn]
        shades = [float(nodes[unit]) for unit in self.drawn]
        places = layout(pairs, len(self.drawn))
        return graph(places, [*weights], [*weights.values()], labels, title, nodes=shades)

    def edge_drawing(self, maps: Maps, begin: Tensor) -> Drawing:
        """The subgraph with edges as thick as what flows through them."""
        values = self.relevance(maps).cpu().double().numpy()
        title = "What flows through each edge"
        return Drawing("edges", title, self.subgraph(values, self.flow(maps, begin).cpu().double().numpy(), title))
