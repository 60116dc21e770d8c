"""Explanations of whole graphs: which nodes, and edges, a class or value was read from."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from attnframe.explanation.classes import class_answer, log_share
from attnframe.explanation.read_out import pooling_weights
from attnframe.plugin.contract import Facts
from attnframe.plugin.subject import Drawing, Maps
from attnframe_graph.data.encoding import COUNTED
from attnframe_graph.explaining.base import GraphSubject
from attnframe_graph.graph_encoder import GraphEncoder
from attnframe_graph.pooling import Pooling

if TYPE_CHECKING:
    from attnframe_graph.graph_classifier import GraphClassifier
    from attnframe_graph.graph_regressor import GraphRegressor


class WholeGraph(GraphSubject, ABC):
    """Base of subjects that are one graph.

    Args:
        name: of the graph. model: what runs, in evaluation mode. encoder: of it.
        batch: the graph alone, as the encoder takes it. facts: of the data.
    """

    read_out = "where the network pools"

    def __init__(
        self, name: str, model: nn.Module, encoder: GraphEncoder, batch: Mapping[str, Tensor], facts: Facts
    ) -> None:
        self.given = batch
        with torch.no_grad(), pooling_weights(encoder, (Pooling,)) as pooled:
            encoder(batch)
        self.pooled = pooled["pooling"]
        features = batch["features"]
        super().__init__(
            name,
            "",
            model,
            node_names(features, facts),
            features,
            batch["edges"],
            torch.arange(len(features), device=features.device),
            prefix="encoder.network.",
            residual=encoder.network.residual,
        )

    def batch(self, kept: Tensor) -> dict[str, Tensor]:
        """Versions of the graph, as the encoder takes them.

        Args:
            kept: (n, U) bool.
        """
        count, nodes = len(kept), len(self.features)
        features, edges, which = self.versions(kept)
        return {
            "sizes": torch.full((count,), nodes, device=features.device),
            "graph": torch.arange(count, device=features.device).repeat_interleave(nodes),
            "features": features,
            "edges": edges,
            "kinds": self.given["kinds"].repeat(count)[which],
        }

    def relevance(self, maps: Maps) -> Tensor:
        return self.pooled @ self.through(maps)

    def drawings(self, maps: Maps) -> Sequence[Drawing]:
        return [self.edge_drawing(maps, self.pooled)]


class LabelledGraph(WholeGraph):
    """A graph and its class.

    Args:
        name: of the graph. classifier: in evaluation mode. batch: the graph alone.
    """

    def __init__(self, name: str, classifier: GraphClassifier, batch: Mapping[str, Tensor]) -> None:
        super().__init__(name, classifier, classifier.encoder, batch, classifier.facts)
        self.classifier = classifier
        with torch.no_grad():
            shares = classifier(batch).float().softmax(1)[0].tolist()
        self.record = classifier.record(name, shares)
        self.label = classifier.facts["classes"].index(self.record["label"])
        self.answer = class_answer(self.record)
        self.score = f"log-probability of {self.record['label']}"

    def scores(self, kept: Tensor) -> Tensor:
        return log_share(self.classifier(self.batch(kept)), self.label)

    def plain(self) -> Mapping[str, Any]:
        return {"label": self.record["label"], "probability": self.record["probability"]}


class MeasuredGraph(WholeGraph):
    """A graph and its value.

    Args:
        name: of the graph. regressor: in evaluation mode. batch: the graph alone.
    """

    score = "minus squared change of the value, in deviations"

    def __init__(self, name: str, regressor: GraphRegressor, batch: Mapping[str, Tensor]) -> None:
        super().__init__(name, regressor, regressor.encoder, batch, regressor.facts)
        self.regressor = regressor
        with torch.no_grad():
            self.value = float(regressor(batch))
            nothing = torch.zeros(1, len(self.units), dtype=torch.bool)
            self.sign = 1.0 if self.value >= float(regressor(self.batch(nothing))) else -1.0
        self.answer = f"The model says {self.value:.4g}."

    def scores(self, kept: Tensor) -> Tensor:
        found: Tensor = self.regressor(self.batch(kept))
        return -((found - self.value) / float(self.regressor.facts["deviation"])).square()

    def strength(self) -> Tensor:
        """The value, in the direction in which it goes from that of a graph without features and edges."""
        whole = torch.ones(1, len(self.units), dtype=torch.bool)
        found: Tensor = self.regressor(self.batch(whole)).sum()
        return self.sign * found

    def plain(self) -> Mapping[str, Any]:
        return {"value": self.value}


def node_names(features: Tensor, facts: Facts) -> list[str]:
    """A name for each node: its number, behind the label or element that its features tell.

    Args:
        features: (N, F). facts: of the data.
    """
    kinds = [(place, name) for place, name in enumerate(facts["features"]) if name.startswith(COUNTED)]
    found = []
    for number, row in enumerate(features.tolist(), start=1):
        kind = next((name.partition(" ")[2] for place, name in kinds if row[place] > 0.5), "")
        found.append(f"{kind}{number}" if kind and not kind[-1].isdigit() else f"{kind} {number}".strip())
    return found
