"""flash-linear-attention: its plain functions, which run without Triton, between linear maps."""

from __future__ import annotations

import importlib
import math
from abc import ABC
from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.bench.peers.base import LayerPeer, Request
from attnframe.bench.peers.states import AROUND, StateLayer

STEPS = 512
"""Tokens up to which a function that goes step by step is compared."""


def plain(name: str) -> Any:
    """The module of plain functions of one operator."""
    return importlib.import_module(f"fla.ops.{name}.naive")


class PlainFunction(LayerPeer, ABC):
    """A causal recurrence as a function, between linear maps."""

    package = "flash-linear-attention"
    modes = frozenset({True})
    differs = AROUND


class LinearChunks(PlainFunction):
    """Linear attention in chunks."""

    name = "flash-linear-attention naive_chunk_linear_attn"
    modules = ("fla.ops.linear_attn.naive",)
    variants = frozenset({"linear"})

    def limits(self, request: Request) -> Iterator[str]:
        if request.length % 64:
            yield "wants a multiple of 64 tokens"

    def build(self, request: Request) -> nn.Module:
        chunks = plain("linear_attn").naive_chunk_linear_attn

        def rule(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
            out: Tensor = chunks(F.elu(query) + 1, F.elu(key) + 1, value, normalize=True)
            return out

        return StateLayer(request, rule, normed=False)


class RetentionChunks(PlainFunction):
    """Retention as gated linear attention with a fixed decay for each head, in chunks."""

    name = "flash-linear-attention naive_chunk_simple_gla"
    modules = ("fla.ops.simple_gla.naive",)
    variants = frozenset({"retention"})

    def build(self, request: Request) -> nn.Module:
        chunks = plain("simple_gla").naive_chunk_simple_gla
        decay = torch.tensor([math.log1p(-(2.0 ** (-5 - head))) for head in range(request.num_heads)])

        def rule(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
            out: Tensor = chunks(query, key, value, decay.to(query).expand(*query.shape[:3]))[0]
            return out

        return StateLayer(request, rule, gated=True)


class RetentionMatrix(PlainFunction):
    """Retention by the matrix of all pairs."""

    name = "flash-linear-attention naive_retention"
    modules = ("fla.ops.retention.naive",)
    variants = frozenset({"retention"})

    def build(self, request: Request) -> nn.Module:
        retention = plain("retention").naive_retention

        def rule(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
            out: Tensor = retention(*(part.transpose(1, 2) for part in (query, key, value)))
            return out.transpose(1, 2)

        return StateLayer(request, rule, gated=True)


class GatedSteps(nn.Module):
    """The recurrence with the second of the two maps that decays come from."""

    def __init__(self, request: Request, rank: int) -> None:
        super().__init__()
        self.decay_proj = nn.Linear(request.num_heads * rank, request.dim)
        self.steps = plain("gla").naive_recurrent_gla

    def forward(self, query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
        decay = F.logsigmoid(self.decay_proj(signals.flatten(2))) / 16
        out: Tensor = self.steps(query, key, value, decay.view_as(query))[0]
        return out


class GatedLinearSteps(PlainFunction):
    """Gated linear attention token by token."""

    name = "flash-linear-attention naive_recurrent_gla"
    modules = ("fla.ops.gla.naive",)
    variants = frozenset({"gated_linear"})
    follows = frozenset({"decay_rank"})

    def limits(self, request: Request) -> Iterator[str]:
        if request.length > STEPS:
            yield f"goes step by step: tried up to {STEPS} tokens"

    def build(self, request: Request) -> nn.Module:
        rank: int = getattr(request.recipe, "decay_rank", 1)
        return StateLayer(request, GatedSteps(request, rank), width=rank, gated=True)


class DeltaChunks(PlainFunction):
    """The delta rule in chunks."""

    name = "flash-linear-attention delta_rule_chunkwise"
    modules = ("fla.ops.delta_rule.naive",)
    variants = frozenset({"delta_rule"})

    def limits(self, request: Request) -> Iterator[str]:
        if request.length % 32:
            yield "wants a multiple of 32 tokens"

    def build(self, request: Request) -> nn.Module:
        chunks = plain("delta_rule").delta_rule_chunkwise

        def rule(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
            parts = (query, key, value, signals[..., 0].sigmoid())
            out: Tensor = chunks(*(part.transpose(1, 2) for part in parts))[0]
            return out.transpose(1, 2)

        return StateLayer(request, rule, width=1, silu=True)


class GatedDeltaChunks(PlainFunction):
    """The gated delta rule in chunks."""

    name = "flash-linear-attention naive_chunk_gated_delta_rule"
    modules = ("fla.ops.gated_delta_rule.naive",)
    variants = frozenset({"gated_delta"})

    def build(self, request: Request) -> nn.Module:
        chunks = plain("gated_delta_rule").naive_chunk_gated_delta_rule

        def rule(query: Tensor, key: Tensor, value: Tensor, signals: Tensor) -> Tensor:
            decay, rate = -F.softplus(signals[..., 0]), signals[..., 1].sigmoid()
            out: Tensor = chunks(query, key, value, g=decay, beta=rate)[0]
            return out

        return StateLayer(request, rule, width=2, gated=True, silu=True)
