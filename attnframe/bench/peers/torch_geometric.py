"""torch-geometric: attention over edges."""

from __future__ import annotations

import warnings
from typing import Any

from torch import Tensor, nn

from attnframe.bench.peers.base import EdgePeer, Request


def package() -> Any:
    """Its convolutions; importing them compiles parts by a deprecated function of torch."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch_geometric import nn as convolutions

    return convolutions


class GraphAttention(EdgePeer):
    """GATConv without the self-loops that it would add."""

    name = "torch-geometric GATConv"
    package = "torch-geometric"
    modules = ("torch_geometric.nn",)
    variants = frozenset({"gat"})
    follows = frozenset({"negative_slope"})

    def build(self, request: Request) -> nn.Module:
        slope = getattr(request.recipe, "negative_slope", 0.2)
        made: nn.Module = package().GATConv(
            request.dim, request.head_dim, request.num_heads, negative_slope=slope, add_self_loops=False, bias=False
        )
        return made


class DynamicGraphAttention(EdgePeer):
    """GATv2Conv without the self-loops that it would add."""

    name = "torch-geometric GATv2Conv"
    package = "torch-geometric"
    modules = ("torch_geometric.nn",)
    variants = frozenset({"gatv2"})
    follows = frozenset({"negative_slope"})

    def build(self, request: Request) -> nn.Module:
        slope = getattr(request.recipe, "negative_slope", 0.2)
        made: nn.Module = package().GATv2Conv(
            request.dim, request.head_dim, request.num_heads, negative_slope=slope, add_self_loops=False, bias=False
        )
        return made


class ProjectedConvolution(nn.Module):
    """TransformerConv and the output projection that it lacks."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.layer = package().TransformerConv(
            request.dim, request.head_dim, request.num_heads, root_weight=False, bias=False
        )
        self.output_proj = nn.Linear(request.dim, request.dim, bias=False)

    def forward(self, x: Tensor, edges: Tensor) -> Tensor:
        out: Tensor = self.output_proj(self.layer(x, edges))
        return out


class GraphTransformer(EdgePeer):
    """TransformerConv, which is multi-head attention over the edges."""

    name = "torch-geometric TransformerConv"
    package = "torch-geometric"
    modules = ("torch_geometric.nn",)
    variants = frozenset({"graph_transformer", "mha"})
    differs = "with an output projection added, as ours has one"

    def build(self, request: Request) -> nn.Module:
        return ProjectedConvolution(request)
