"""What all models of nodes have in common. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated

from attnframe.plugin.contract import ModelRecipe, Parts
from attnframe.recipe import Between, frozen

if TYPE_CHECKING:
    from attnframe.positions.base import Position
    from attnframe_graph.networks import NodeNetwork


@frozen
class NodeModel(ModelRecipe, ABC):
    """Base of the models that make a vector of the features of each node.

    Args:
        feature_dropout: probability of dropping a feature of a node in training, in [0, 1].
    """

    feature_dropout: Annotated[float, Between(0, 1)] = 0.0

    @abstractmethod
    def build(self, parts: Parts, position: Position | None, outputs: int | None = None) -> NodeNetwork:
        """Make the network.

        Args:
            parts: the attention recipe.
            position: position module of the layers; None for none.
            outputs: numbers that each node is given; None for vectors of width D.
        """


@frozen
class Classifying(ModelRecipe, ABC):
    """Base of the models whose loss is that of classes.

    Args:
        label_smoothing: share of the target spread over all classes, in [0, 1].
    """

    label_smoothing: Annotated[float, Between(0, 1)] = 0.0
