"""`model=transformer`. Torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Parts, TransformerRecipe
from attnframe.recipe import frozen
from attnframe_graph.recipes.model import Classifying, NodeModel
from attnframe_graph.recipes.pooled import Pooled

if TYPE_CHECKING:
    from attnframe.positions.base import Position
    from attnframe_graph.networks import TransformerNetwork


@frozen
class GraphTransformerRecipe(NodeModel, TransformerRecipe):
    """Blocks of attention among neighbours and feed-forward layers (Dwivedi and Bresson 2021,
    https://arxiv.org/abs/2012.09699)."""

    summary: ClassVar[str] = "blocks of attention among neighbours and feed-forward layers (Dwivedi and Bresson 2021)"

    def build(self, parts: Parts, position: Position | None, outputs: int | None = None) -> TransformerNetwork:
        from attnframe_graph.networks import TransformerNetwork

        return TransformerNetwork(self, parts, position, outputs)


@frozen
class ClassifyingTransformer(Classifying, GraphTransformerRecipe):
    """Blocks of attention among neighbours and feed-forward layers (Dwivedi and Bresson 2021,
    https://arxiv.org/abs/2012.09699), for classes of nodes."""


@frozen
class PooledTransformer(Pooled, GraphTransformerRecipe):
    """Blocks of attention among neighbours and feed-forward layers (Dwivedi and Bresson 2021,
    https://arxiv.org/abs/2012.09699), for values of graphs."""


@frozen
class ClassifyingPooledTransformer(Classifying, PooledTransformer):
    """Blocks of attention among neighbours and feed-forward layers (Dwivedi and Bresson 2021,
    https://arxiv.org/abs/2012.09699), for classes of graphs."""
