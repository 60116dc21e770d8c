"""x-transformers: one layer of many switches."""

from __future__ import annotations

from typing import Any, ClassVar

from torch import Tensor, nn

from attnframe.bench.peers.base import LayerPeer, Request

SWITCHES: dict[str, dict[str, Any]] = {
    "mha": {"flash": True},
    "mqa": {"flash": True},
    "gqa": {"flash": True},
    "talking_heads": {"pre_talking_heads": True, "post_talking_heads": True},
    "gated": {"flash": True, "gate_values": True},
}
"""What turns the layer into a variant."""


class SwitchedLayer(nn.Module):
    """The layer, whose output comes with intermediate results in some versions."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        from x_transformers.x_transformers import Attention

        self.layer = Attention(
            request.dim,
            heads=request.num_heads,
            kv_heads=request.num_kv_heads,
            dim_head=request.head_dim,
            causal=request.causal,
            **SWITCHES[request.recipe.name],
        )

    def forward(self, x: Tensor) -> Tensor:
        given: Any = self.layer(x)
        out: Tensor = given[0] if isinstance(given, tuple) else given
        return out


class Switched(LayerPeer):
    """Its layer with the switches of the variant."""

    name = "x-transformers Attention"
    package = "x-transformers"
    modules = ("x_transformers.x_transformers",)
    variants: ClassVar[frozenset[str]] = frozenset(SWITCHES)
    follows = frozenset({"num_kv_heads"})

    def build(self, request: Request) -> nn.Module:
        return SwitchedLayer(request)
