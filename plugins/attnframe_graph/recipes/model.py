"""What all models of nodes have in common. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from attnframe.plugin.contract import ModelRecipe, Parts
from attnframe.recipe import Between

if TYPE_CHECKING:
    from attnframe_graph.networks import NodeNetwork


@dataclass(frozen=True, kw_only=True)
class NodeModel(ModelRecipe, ABC):
    """Base of the models from the features of nodes to a vector each, before a linear head.

    Args:
        feature_dropout: probability of dropping a feature of a node in training, in [0, 1].
        label_smoothing: share of the target spread over all classes, in [0, 1].
    """

    feature_dropout: Annotated[float, Between(0, 1)] = 0.0
    label_smoothing: Annotated[float, Between(0, 1)] = 0.0

    @abstractmethod
    def build(self, parts: Parts, features: int, nodes: int) -> NodeNetwork:
        """Make the network.

        Args:
            parts: attention and position recipes.
            features: F of each node. nodes: N of the graph that it is trained on.
        """
