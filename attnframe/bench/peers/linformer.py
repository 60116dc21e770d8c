"""linformer: keys and values projected along the sequence."""

from __future__ import annotations

from typing import Any

from torch import nn

from attnframe.bench.peers.base import LayerPeer, Request


class Linformer(LayerPeer):
    """Its self attention layer, made for the length."""

    name = "linformer LinformerSelfAttention"
    package = "linformer"
    modules = ("linformer",)
    variants = frozenset({"linformer"})
    follows = frozenset({"rank"})
    modes = frozenset({False})

    def build(self, request: Request) -> nn.Module:
        from linformer import LinformerSelfAttention

        recipe: Any = request.recipe
        made: nn.Module = LinformerSelfAttention(request.dim, request.length, k=recipe.rank, heads=request.num_heads)
        return made
