"""flash-linear-attention: its plain functions, which run without Triton, between linear maps."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.bench.peers.base import LayerPeer, Request

STEPS = 512
"""Tokens up to which a function that goes step by step is compared."""
Mix = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""From queries, keys, values (B, T, H, E) and signals (B, T, H, width) to (B, T, H, E)."""


class PlainLayer(nn.Module):
    """Linear maps around one of the functions.

    Args:
        request: the layer. width: numbers a head that are read from the token besides. mix: the function.
    """

    def __init__(self, request: Request, width: int, mix: Mix) -> None:
        super().__init__()
        self.num_heads, self.width, self.mix = request.num_heads, width, mix
        self.input_proj = nn.Linear(request.dim, 3 * request.dim, bias=False)
        self.signal_proj = nn.Linear(request.dim, request.num_heads * width) if width else None
        self.output_proj = nn.Linear(request.dim, request.dim, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = self.input_proj(x).unflatten(-1, (3, self.num_heads, -1)).unbind(2)
        signals = x.new_empty(0)
        if self.signal_proj is not None:
            signals = self.signal_proj(x).unflatten(-1, (self.num_heads, self.width))
        out: Tensor = self.output_proj(self.mix(query, key, value, signals).flatten(2))
        return out


def plain(name: str) -> Any:
    """The module of plain functions of one operator."""
    return importlib.import_module(f"fla.ops.{name}.naive")


class LinearChunks(LayerPeer):
    """Linear attention in chunks."""

    name = "flash-linear-attention naive_chunk_linear_attn"
    package = "flash-linear-attention"
    modules = ("fla.ops.linear_attn.naive",)
    variants = frozenset({"linear"})
    modes = frozenset({True})
    differs = "its function between plain linear maps"

    def limits(self, request: Request) -> Iterator[str]:
        if request.length % 64:
            yield "wants a multiple of 64 tokens"

    def build(self, request: Request) -> nn.Module:
        chunks = plain("linear_attn").naive_chunk_linear_attn

        def mix(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
            out: Tensor = chunks(F.elu(query) + 1, F.elu(key) + 1, value, normalize=True)
            return out

        return PlainLayer(request, 0, mix)


class RetentionChunks(LayerPeer):
    """Retention as gated linear attention with a fixed decay for each head, in chunks."""

    name = "flash-linear-attention naive_chunk_simple_gla"
    package = "flash-linear-attention"
    modules = ("fla.ops.simple_gla.naive",)
    variants = frozenset({"retention"})
    modes = frozenset({True})
    differs = "its function between plain linear maps, without what ours does after mixing"

    def build(self, request: Request) -> nn.Module:
        chunks = plain("simple_gla").naive_chunk_simple_gla
        decay = torch.tensor([math.log1p(-(2.0 ** (-5 - head))) for head in range(request.num_heads)])

        def mix(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
            out: Tensor = chunks(query, key, value, decay.to(query).expand(*query.shape[:3]))[0]
            return out.to(query.dtype)

        return PlainLayer(request, 0, mix)


class RetentionMatrix(LayerPeer):
    """Retention by the matrix of all pairs."""

    name = "flash-linear-attention naive_retention"
    package = "flash-linear-attention"
    modules = ("fla.ops.retention.naive",)
    variants = frozenset({"retention"})
    modes = frozenset({True})
    differs = "its function between plain linear maps, without what ours does after mixing"

    def build(self, request: Request) -> nn.Module:
        retention = plain("retention").naive_retention

        def mix(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
            out: Tensor = retention(*(part.transpose(1, 2) for part in (query, key, value)))
            return out.transpose(1, 2)

        return PlainLayer(request, 0, mix)


class GatedLinearSteps(LayerPeer):
    """Gated linear attention token by token."""

    name = "flash-linear-attention naive_recurrent_gla"
    package = "flash-linear-attention"
    modules = ("fla.ops.gla.naive",)
    variants = frozenset({"gated_linear"})
    modes = frozenset({True})
    differs = "its function between plain linear maps, without what ours does after mixing"

    def limits(self, request: Request) -> Iterator[str]:
        if request.length > STEPS:
            yield f"goes step by step: tried up to {STEPS} tokens"

    def build(self, request: Request) -> nn.Module:
        steps = plain("gla").naive_recurrent_gla

        def mix(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
            out: Tensor = steps(query, key, value, F.logsigmoid(signals) / 16)[0]
            return out

        return PlainLayer(request, request.head_dim, mix)


class DeltaChunks(LayerPeer):
    """The delta rule in chunks."""

    name = "flash-linear-attention delta_rule_chunkwise"
    package = "flash-linear-attention"
    modules = ("fla.ops.delta_rule.naive",)
    variants = frozenset({"delta_rule"})
    modes = frozenset({True})
    differs = "its function between plain linear maps, without what ours does after mixing"

    def limits(self, request: Request) -> Iterator[str]:
        if request.length % 32:
            yield "wants a multiple of 32 tokens"

    def build(self, request: Request) -> nn.Module:
        chunks = plain("delta_rule").delta_rule_chunkwise

        def mix(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
            parts = (F.normalize(query, dim=-1), F.normalize(key, dim=-1), value)
            out: Tensor = chunks(*(p.transpose(1, 2) for p in parts), signals[..., 0].sigmoid().transpose(1, 2))[0]
            return out.transpose(1, 2)

        return PlainLayer(request, 1, mix)


class GatedDeltaChunks(LayerPeer):
    """The gated delta rule in chunks."""

    name = "flash-linear-attention naive_chunk_gated_delta_rule"
    package = "flash-linear-attention"
    modules = ("fla.ops.gated_delta_rule.naive",)
    variants = frozenset({"gated_delta"})
    modes = frozenset({True})
    differs = "its function between plain linear maps, without what ours does after mixing"

    def build(self, request: Request) -> nn.Module:
        chunks = plain("gated_delta_rule").naive_chunk_gated_delta_rule

        def mix(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
            decay, rate = F.logsigmoid(signals[..., 0]), signals[..., 1].sigmoid()
            parts = (F.normalize(query, dim=-1), F.normalize(key, dim=-1), value)
            out: Tensor = chunks(*parts, g=decay, beta=rate)[0]
            return out.to(query.dtype)

        return PlainLayer(request, 2, mix)
