"""torch itself: the fused kernel between two linear maps, and nn.MultiheadAttention."""

from __future__ import annotations

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.bench.peers.base import Decoder, DecodingPeer, LayerPeer, Request
from attnframe.masks import Causal, Extent, Full, settle
from attnframe.recipe import defaults
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.scored import ScoredVariant

FULL = frozenset({"mha", "mqa", "gqa", "graph_transformer"})
WEIGHING = frozenset(defaults(ScoredVariant)) - {"num_heads", "backend"}
"""Fields that say how scores become weights, which the fused kernel does in one way."""


class FusedLayer(nn.Module):
    """Linear map, scaled_dot_product_attention, linear map.

    Args:
        dim: model width D. num_heads: query heads H. num_kv_heads: key-value heads K.
        causal: whether a token sees only itself and what came before, when there is no mask.
        mask: (1, H or 1, T, T) who may see whom, or None.
    """

    def __init__(
        self, dim: int, num_heads: int, num_kv_heads: int, causal: bool = False, mask: Tensor | None = None
    ) -> None:
        super().__init__()
        self.head_dim, self.causal = dim // num_heads, causal
        self.heads = [num_heads, num_kv_heads, num_kv_heads]
        self.input_proj = nn.Linear(dim, sum(self.heads) * self.head_dim, bias=False)
        self.output_proj = nn.Linear(num_heads * self.head_dim, dim, bias=False)
        self.mask = None if mask is None else nn.Buffer(mask)

    def split(self, x: Tensor) -> tuple[Tensor, ...]:
        """Queries (B, H, T, E), keys and values (B, K, T, E) of x (B, T, D)."""
        heads: Tensor = self.input_proj(x).unflatten(-1, (-1, self.head_dim)).transpose(1, 2)
        return torch.split(heads, self.heads, dim=1)

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = self.split(x)
        grouped = self.heads[0] != self.heads[1]
        mixed = F.scaled_dot_product_attention(
            query, key, value, self.mask, is_causal=self.causal and self.mask is None, enable_gqa=grouped
        )
        out: Tensor = self.output_proj(mixed.transpose(1, 2).flatten(2))
        return out


class Fused(LayerPeer):
    """The fused kernel, which is what every other layer of the same function can hope to reach."""

    name = "torch SDPA"
    package = "torch"
    modules = ("torch",)
    variants: ClassVar[frozenset[str]] = FULL
    follows = frozenset({"num_kv_heads"})

    def build(self, request: Request) -> nn.Module:
        return FusedLayer(request.dim, request.num_heads, request.num_kv_heads, request.causal)


class FusedUnderMask(LayerPeer):
    """The fused kernel under the pattern of any variant that is softmax attention under one, as a matrix."""

    name = "torch SDPA under the mask"
    package = "torch"
    modules = ("torch",)

    def concerns(self, recipe: AttentionVariant) -> bool:
        return recipe.capabilities.exact and not isinstance(recipe.own_mask(False), Full)

    def follows_field(self, field: str) -> bool:
        return field not in WEIGHING

    def build(self, request: Request) -> nn.Module:
        mask = request.recipe.own_mask(request.causal)
        if request.causal:
            mask = mask & Causal()
        extent = Extent(1, request.num_heads, request.length, request.length)
        matrix = settle(mask, extent).allows(extent.indices())
        return FusedLayer(request.dim, request.num_heads, request.num_kv_heads, mask=matrix)


class MultiheadLayer(nn.Module):
    """nn.MultiheadAttention told that a mask is causal, and asked for no weights."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.layer = nn.MultiheadAttention(request.dim, request.num_heads, bias=False, batch_first=True)
        hidden = torch.full((request.length, request.length), float("-inf")).triu(1)
        self.mask = nn.Buffer(hidden) if request.causal else None

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layer(x, x, x, need_weights=False, attn_mask=self.mask, is_causal=self.mask is not None)[0]
        return out


class Multihead(LayerPeer):
    """torch's own layer."""

    name = "nn.MultiheadAttention"
    package = "torch"
    modules = ("torch",)
    variants = frozenset({"mha"})

    def build(self, request: Request) -> nn.Module:
        return MultiheadLayer(request)


class FusedDecoder(Decoder):
    """The fused kernel over keys and values that are written in place.

    Args:
        request: the layer. room: tokens at most.
    """

    def __init__(self, request: Request, room: int) -> None:
        super().__init__()
        self.layer = FusedLayer(request.dim, request.num_heads, request.num_kv_heads)
        shape = (request.batch, request.num_kv_heads, room, request.head_dim)
        self.key, self.value = nn.Buffer(torch.empty(shape)), nn.Buffer(torch.empty(shape))
        self.length = 0

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = self.layer.split(x)
        first, self.length = self.length, self.length + x.shape[1]
        self.key[:, :, first : self.length] = key
        self.value[:, :, first : self.length] = value
        mixed = F.scaled_dot_product_attention(
            query,
            self.key[:, :, : self.length],
            self.value[:, :, : self.length],
            is_causal=x.shape[1] > 1,
            enable_gqa=key.shape[1] != query.shape[1],
        )
        out: Tensor = self.layer.output_proj(mixed.transpose(1, 2).flatten(2))
        return out

    def rewind(self, length: int) -> None:
        self.length = length

    @property
    def nbytes(self) -> int:
        return self.key.nbytes + self.value.nbytes


class FusedDecoding(DecodingPeer):
    """The fused kernel with a cache of its own."""

    name = "torch SDPA, preallocated cache"
    package = "torch"
    modules = ("torch",)
    variants = frozenset({"mha", "mqa", "gqa"})
    follows = frozenset({"num_kv_heads"})

    def build(self, request: Request) -> Decoder:
        return FusedDecoder(request, request.length)
