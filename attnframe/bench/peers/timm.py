"""timm: attention of picture models."""

from __future__ import annotations

from torch import nn

from attnframe.bench.peers.base import LayerPeer, Request


class TalkingHeads(LayerPeer):
    """CaiT's talking heads."""

    name = "timm TalkingHeadAttn"
    package = "timm"
    modules = ("timm.models.cait",)
    variants = frozenset({"talking_heads"})
    modes = frozenset({False})

    def build(self, request: Request) -> nn.Module:
        from timm.models.cait import TalkingHeadAttn

        return TalkingHeadAttn(request.dim, request.num_heads)
