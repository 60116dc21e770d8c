"""performer-pytorch: random features, and the same layer with the features of linear attention."""

from __future__ import annotations

import contextlib
import io
import math
import warnings
from collections.abc import Iterator
from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.bench.peers.base import LayerPeer, Request

MOST = 2048
"""Tokens up to which its causal form is compared: it holds a matrix (features, E) for each of them."""


def layer(request: Request, num_features: int | None) -> Any:
    """Its self attention layer, and the module that it is from."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from performer_pytorch import performer_pytorch as package

    with contextlib.redirect_stdout(io.StringIO()):  # It prints that it has no kernel.
        made: Any = package.SelfAttention(
            request.dim,
            causal=request.causal,
            heads=request.num_heads,
            dim_head=request.head_dim,
            nb_features=num_features,
            attn_out_bias=False,
        )
    if request.causal:
        made.fast_attention.causal_linear_fn = package.causal_linear_attention_noncuda
    return made, package


def limits(request: Request) -> Iterator[str]:
    """Why a length is not tried."""
    if request.causal and request.length > MOST:
        yield f"holds a matrix for each token when causal: tried up to {MOST} tokens"


class Performer(LayerPeer):
    """Its layer."""

    name = "performer-pytorch SelfAttention"
    package = "performer-pytorch"
    modules = ("performer_pytorch",)
    variants = frozenset({"performer"})
    follows = frozenset({"num_features"})

    def limits(self, request: Request) -> Iterator[str]:
        yield from limits(request)

    def build(self, request: Request) -> nn.Module:
        wanted = getattr(request.recipe, "num_features", None)
        built: nn.Module = layer(request, wanted or math.ceil(request.head_dim * math.log(request.head_dim)))[0]
        return built


class LinearLayer(nn.Module):
    """Its layer with the features elu + 1 and no random ones."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.layer, package = layer(request, 1)
        means = package.causal_linear_attention_noncuda if request.causal else package.linear_attention
        self.layer.fast_attention.forward = lambda q, k, v: means(F.elu(q) + 1, F.elu(k) + 1, v)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.layer(x)
        return out


class Linear(LayerPeer):
    """Its linear attention."""

    name = "performer-pytorch SelfAttention, features elu + 1"
    package = "performer-pytorch"
    modules = ("performer_pytorch",)
    variants = frozenset({"linear"})

    def limits(self, request: Request) -> Iterator[str]:
        yield from limits(request)

    def build(self, request: Request) -> nn.Module:
        return LinearLayer(request)
