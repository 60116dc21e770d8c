"""The projection contract: how inputs become queries, keys and values, and how mixed values become outputs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar, TypeAlias

from torch import Tensor, nn

from attnframe.attention.cache import Cache

Rotate: TypeAlias = Callable[[Tensor], Tensor]
"""Turns (B, heads, T, width) by the positions of one call; the identity without a rotary position."""


class Projections(nn.Module, ABC):
    """Base of projections. Query head h reads key-value head h // (H / K), torch's order.

    Every method takes `compact`: whether keys and values are wanted in the form that a cache keeps. Only projections
    whose cached form differs (latent attention) look at it; queries, keys, values and output of one call must agree.

    Attributes:
        num_heads: query heads H.
        num_kv_heads: key-value heads K.
        output_proj: what joined heads (B, T, H * V) go through first on their way out.
    """

    num_heads: int
    num_kv_heads: int
    output_proj: nn.Module
    keeps_queries: ClassVar[bool] = True
    """Whether queries have the same features in every form; False where the compact one absorbs maps of the keys, so
    that no position can read them."""

    @abstractmethod
    def project(self, x: Tensor, rotate: Rotate, compact: bool) -> tuple[Tensor, Tensor, Tensor]:
        """x (B, T, D) to query (B, H, T, E), key (B, K, T, E) and value (B, K, T, V) of self attention."""

    @abstractmethod
    def project_query(self, x: Tensor, rotate: Rotate, compact: bool) -> Tensor:
        """x (B, T, D) to query (B, H, T, E) of cross attention."""

    @abstractmethod
    def project_context(self, context: Tensor, rotate: Rotate, compact: bool) -> tuple[Tensor, Tensor]:
        """context (B, S, C) to key (B, K, S, E) and value (B, K, S, V)."""

    @abstractmethod
    def output(self, mixed: Tensor, compact: bool) -> Tensor:
        """Mixed values (B, H, T, V) to (B, T, D)."""

    def new_cache(self, batch: int, max_length: int | None) -> Cache | None:
        """An empty cache of the compact form for causal decoding; None when the mixer's own kind serves."""
        return None


def split_heads(x: Tensor, heads: int) -> Tensor:
    """(B, T, heads * E) as (B, heads, T, E)."""
    return x.view(x.shape[0], x.shape[1], heads, x.shape[-1] // heads).transpose(1, 2)


def join_heads(x: Tensor) -> Tensor:
    """(B, heads, T, E) as (B, T, heads * E)."""
    return x.transpose(1, 2).flatten(2)
