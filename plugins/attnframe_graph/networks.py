"""Networks of nodes that see their neighbours: one for each `model=` of the tasks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import count
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.attention.dropout import dropout
from attnframe.attention.layer import Attention
from attnframe.attention.projections import TiedProjections
from attnframe.masks import Edges
from attnframe.models import Encoder
from attnframe.plugin.contract import Parts
from attnframe.positions.base import Position
from attnframe.recipes.attention.base import AttentionVariant

if TYPE_CHECKING:
    from attnframe_graph.recipes.graph_network import GraphNetworkRecipe
    from attnframe_graph.recipes.transformer import GraphTransformerRecipe


class NodeNetwork(nn.Module, ABC):
    """Base of the networks of nodes."""

    residual: bool = True
    """Whether what a layer gives is added to what it took."""

    @abstractmethod
    def forward(self, x: Tensor, edges: Edges, positions: Tensor | None) -> Tensor:
        """Vectors (N, D) of nodes to outputs (N, O), or to other vectors (N, D) where no outputs are asked for.

        Args:
            x: (N, D).
            edges: who sees whom.
            positions: (1, N, C) positions of the nodes for the layers; None when they read none.
        """


class GraphNetwork(NodeNetwork):
    """Layers of attention among neighbours (GAT, Velickovic et al. 2018, https://arxiv.org/abs/1710.10903).

    x <- attention(dropout(elu(x))), on request added to x; the first layer takes x as it is

    Outputs are those of a last layer whose heads are as wide as outputs are many, averaged. The first and the last
    layer of a variant that maps its input once (GAT) leave that to the map before them.

    Args:
        model: its recipe.
        parts: the attention recipe.
        position: position module of the layers; None for none.
        outputs: O; None for vectors.
        output_heads: heads of the last layer then.
    """

    def __init__(
        self,
        model: GraphNetworkRecipe,
        parts: Parts,
        position: Position | None,
        outputs: int | None = None,
        output_heads: int = 1,
    ) -> None:
        super().__init__()
        self.dropout, self.residual = model.dropout, model.residual
        inner = model.depth if outputs is None else model.depth - 1
        self.layers = nn.ModuleList(
            _layer(parts.attention, model.dim, position, joined=number == 0) for number in range(inner)
        )
        self.output: AveragedHeads | None = None
        if outputs is not None:
            self.output = AveragedHeads(model.dim, parts.attention, output_heads, outputs)

    def forward(self, x: Tensor, edges: Edges, positions: Tensor | None) -> Tensor:
        x = x.unsqueeze(0)
        for number, layer in enumerate(self.layers):
            mixed = layer(self._taken(x) if number else x, mask=edges, positions=positions)
            x = x + mixed if self.residual else mixed
        if self.output is not None:
            x = self.output(self._taken(x), edges)
        return x.squeeze(0)

    def _taken(self, x: Tensor) -> Tensor:
        return dropout(F.elu(x), self.dropout, self.training)


class AveragedHeads(nn.Module):
    """The output layer of GAT (Velickovic et al. 2018, https://arxiv.org/abs/1710.10903): the mean of its heads. A
    position inside the layers, which has the other layers' heads, has no part in it.

    Args:
        dim: width D. attention: recipe of the other layers.
        heads: of this one.
        outputs: O, the width of a head; where the variant cannot have it, the next that it can have, of which O count.
    """

    def __init__(self, dim: int, attention: AttentionVariant, heads: int, outputs: int) -> None:
        super().__init__()
        own = {name: heads for name in ("num_heads", "num_kv_heads") if hasattr(attention, name)}
        attention = attention.replace(**own)
        self.heads, self.outputs = heads, outputs
        width = heads * next(one for one in count(outputs) if not any(attention.width_faults(heads * one)))
        self.map = nn.Linear(dim, width, bias=False)
        nn.init.xavier_uniform_(self.map.weight)
        self.layer = _layer(attention, width, None, joined=True)
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x: Tensor, edges: Edges) -> Tensor:
        """(1, N, D) to (1, N, O)."""
        mixed: Tensor = self.layer(self.map(x), mask=edges)
        return mixed.view(*mixed.shape[:2], self.heads, -1).mean(2)[..., : self.outputs] + self.bias


class TransformerNetwork(NodeNetwork):
    """The shared encoder over the nodes, masked by the edges (Dwivedi and Bresson 2021,
    https://arxiv.org/abs/2012.09699).

    Args:
        model: its recipe.
        parts: the attention recipe.
        position: position module of the layers; None for none.
        outputs: O of a linear head; None for vectors.
    """

    def __init__(
        self, model: GraphTransformerRecipe, parts: Parts, position: Position | None, outputs: int | None = None
    ) -> None:
        super().__init__()
        self.encoder = Encoder(
            model.dim, model.depth, parts.attention, position, mlp_ratio=model.mlp_ratio, dropout=model.dropout
        )
        self.head = nn.Identity() if outputs is None else nn.Linear(model.dim, outputs)

    def forward(self, x: Tensor, edges: Edges, positions: Tensor | None) -> Tensor:
        out: Tensor = self.head(self.encoder(x.unsqueeze(0), mask=edges, positions=positions))
        return out.squeeze(0)


def _layer(attention: AttentionVariant, dim: int, position: Position | None, *, joined: bool) -> Attention:
    """A layer of attention, without a map of its own where it is `joined` to one and needs no other."""
    layer = attention.build(dim, position=position)
    if joined and isinstance(layer.projections, TiedProjections):
        layer.projections.leave_out_map()
    return layer
