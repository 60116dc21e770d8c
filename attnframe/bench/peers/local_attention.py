"""local-attention: sliding windows in buckets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import nn

from attnframe.bench.peers.base import LayerPeer, Request


class Local(LayerPeer):
    """Its layer with windows to the token."""

    name = "local-attention LocalMHA, exact window"
    package = "local-attention"
    modules = ("local_attention",)
    variants = frozenset({"window"})
    follows = frozenset({"window"})

    def limits(self, request: Request) -> Iterator[str]:
        window = getattr(request.recipe, "window", 0)
        if not isinstance(window, int) or window < 1:
            yield "sees as far to both sides, at least one token"

    def build(self, request: Request) -> nn.Module:
        from local_attention import LocalMHA

        recipe: Any = request.recipe
        return LocalMHA(
            dim=request.dim,
            window_size=recipe.window,
            dim_head=request.head_dim,
            heads=request.num_heads,
            causal=request.causal,
            exact_windowsize=True,
            use_rotary_pos_emb=False,
        )
