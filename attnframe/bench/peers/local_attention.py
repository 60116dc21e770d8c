"""local-attention: sliding windows in buckets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn

from attnframe.bench.peers.base import Decoder, DecodingPeer, LayerPeer, Request


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
        made: nn.Module = LocalMHA(
            dim=request.dim,
            window_size=recipe.window,
            dim_head=request.head_dim,
            heads=request.num_heads,
            causal=request.causal,
            exact_windowsize=True,
            use_rotary_pos_emb=False,
        )
        return made


class LocalDecoder(Decoder):
    """Its layer with the keys and values of the last tokens."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer
        self.held: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor
        out, self.held = self.layer(x, cache=self.held, return_cache=True)
        return out

    def rewind(self, length: int) -> None:
        """Nothing: it keeps no older past."""

    @property
    def nbytes(self) -> int:
        return 0 if self.held is None else self.held.nbytes


class LocalDecoding(DecodingPeer):
    """Its layer decoding."""

    name = f"{Local.name}, cache"
    package, modules, variants, follows = Local.package, Local.modules, Local.variants, Local.follows

    def limits(self, request: Request) -> Iterator[str]:
        yield from Local().limits(request)

    def build(self, request: Request) -> Decoder:
        return LocalDecoder(Local().build(request))
