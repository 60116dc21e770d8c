"""`model=transformer`. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from attnframe.plugin.contract import Parts, TransformerRecipe
from attnframe_graph.recipes.model import NodeModel

if TYPE_CHECKING:
    from attnframe_graph.networks import TransformerNetwork


@dataclass(frozen=True, kw_only=True)
class GraphTransformerRecipe(NodeModel, TransformerRecipe):
    """Blocks of attention among neighbours and feed-forward layers (Dwivedi and Bresson 2021,
    https://arxiv.org/abs/2012.09699)."""

    summary: ClassVar[str] = "blocks of attention among neighbours and feed-forward layers (Dwivedi and Bresson 2021)"

    def build(self, parts: Parts, features: int, nodes: int) -> TransformerNetwork:
        from attnframe_graph.networks import TransformerNetwork

        return TransformerNetwork(self, parts, features, nodes)
