"""nystrom-attention: softmax attention through landmarks."""

from __future__ import annotations

from typing import Any

from torch import nn

from attnframe.bench.peers.base import LayerPeer, Request


class Nystrom(LayerPeer):
    """Its layer."""

    name = "nystrom-attention NystromAttention"
    package = "nystrom-attention"
    modules = ("nystrom_attention",)
    variants = frozenset({"nystrom"})
    follows = frozenset({"num_landmarks", "iterations", "kernel_size"})
    modes = frozenset({False})
    differs = "begins its pseudo-inverse from one norm for all"

    def build(self, request: Request) -> nn.Module:
        from nystrom_attention import NystromAttention

        recipe: Any = request.recipe
        size = recipe.kernel_size
        made: nn.Module = NystromAttention(
            request.dim,
            request.head_dim,
            request.num_heads,
            recipe.num_landmarks,
            pinv_iterations=recipe.iterations,
            residual=size is not None,
            residual_conv_kernel=size or 1,
        )
        return made
