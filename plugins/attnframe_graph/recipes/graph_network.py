"""`model=graph_network`. Torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.plugin.contract import Parts
from attnframe.recipe import AtLeast, frozen
from attnframe_graph.recipes.model import Classifying, NodeModel
from attnframe_graph.recipes.pooled import Pooled

if TYPE_CHECKING:
    from attnframe.positions.base import Position
    from attnframe_graph.networks import GraphNetwork


@frozen
class GraphNetworkRecipe(NodeModel):
    """Layers of attention among neighbours and nothing else, as in GAT (Velickovic et al. 2018,
    https://arxiv.org/abs/1710.10903).

    Args:
        residual: whether a layer's input is added to its output.
    """

    name: ClassVar[str] = "graph_network"
    summary: ClassVar[str] = "attention among neighbours, layer on layer (Velickovic et al. 2018)"

    residual: bool = False

    def build(self, parts: Parts, position: Position | None, outputs: int | None = None) -> GraphNetwork:
        from attnframe_graph.networks import GraphNetwork

        return GraphNetwork(self, parts, position, outputs)


@frozen
class ClassifyingNetwork(Classifying, GraphNetworkRecipe):
    """Layers of attention among neighbours (Velickovic et al. 2018, https://arxiv.org/abs/1710.10903), for classes of
    nodes.

    Args:
        output_heads: heads of the last layer, averaged; the paper has 1 where labels are few and 8 where graphs are
            large.
    """

    output_heads: Annotated[int, AtLeast(1)] = 1

    def build(self, parts: Parts, position: Position | None, outputs: int | None = None) -> GraphNetwork:
        from attnframe_graph.networks import GraphNetwork

        return GraphNetwork(self, parts, position, outputs, self.output_heads)


@frozen
class PooledNetwork(Pooled, GraphNetworkRecipe):
    """Layers of attention among neighbours (Velickovic et al. 2018, https://arxiv.org/abs/1710.10903), for values of
    graphs."""


@frozen
class ClassifyingPooledNetwork(Classifying, PooledNetwork):
    """Layers of attention among neighbours (Velickovic et al. 2018, https://arxiv.org/abs/1710.10903), for classes of
    graphs."""
