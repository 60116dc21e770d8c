"""What all models of graphs have in common. Torch-free."""

from __future__ import annotations

from abc import ABC
from typing import Literal

from attnframe.plugin.contract import ModelRecipe
from attnframe.recipe import frozen


@frozen
class Pooled(ModelRecipe, ABC):
    """Base of the models that make one vector of those of a graph's nodes.

    Args:
        pooling: ``mean``; ``sum``, over the mean number of nodes, which tells small graphs from large ones; or
            ``attention``, in which a learned question weighs the nodes (Yang et al. 2016,
            https://aclanthology.org/N16-1174).
        input_readout: whether the nodes' mapped features, pooled too, join what the head reads (as in GIN, Xu et al.
            2019, https://arxiv.org/abs/1810.00826).
        edge_bias: whether each kind of edge has a learned number for each head, added to the scores (as in Graphormer,
            Ying et al. 2021, https://arxiv.org/abs/2106.05234); only where the data have kinds, the variant takes a
            bias, and no other position works inside the layers.
    """

    pooling: Literal["mean", "sum", "attention"] = "sum"
    input_readout: bool = True
    edge_bias: bool = True
