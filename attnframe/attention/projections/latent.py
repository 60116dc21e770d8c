"""Projections through a shared latent vector."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from attnframe.attention.cache import Cache, LatentCache
from attnframe.attention.projections.base import Projections, Rotate, join_heads, split_heads


class LatentProjections(Projections):
    """Keys and values from one small latent vector a token (DeepSeek-AI 2024, https://arxiv.org/abs/2405.04434).

    l_j = rms_norm(c_j Wl), r_j = rotate(c_j Wr)
    k_h,j = [l_j Uk_h, r_j],  v_h,j = l_j Uv_h,  q_h,i = [x_i Wq_h, rotate(x_i Wqr_h)]

    The rotated part r is shared by all heads. The compact form keeps l and r alone: since
    <x Wq_h, l Uk_h> = <x Wq_h Uk_h^T, l>, the query takes over Uk_h and the output takes over Uv_h ("absorbed"), and
    every head reads the same key [l, r] and the same value l.

    Args:
        dim: model width D.
        num_heads: heads H.
        latent_dim: width R of the latent vector.
        head_dim: width of the part of a head that is not rotated, and of its values.
        rotary_dim: width of the part that is rotated, even.
        context_dim: width C of the context, for cross attention; None for D.
    """

    keeps_queries: ClassVar[bool] = False

    output_proj: nn.Linear

    def __init__(
        self,
        dim: int,
        num_heads: int,
        latent_dim: int,
        head_dim: int,
        rotary_dim: int,
        *,
        context_dim: int | None = None,
    ) -> None:
        super().__init__()
        self.num_heads = self.num_kv_heads = num_heads
        self.latent_dim, self.head_dim, self.rotary_dim = latent_dim, head_dim, rotary_dim
        self.query_proj = nn.Linear(dim, num_heads * (head_dim + rotary_dim), bias=False)
        self.latent_proj = nn.Linear(context_dim or dim, latent_dim + rotary_dim, bias=False)
        self.latent_norm = nn.RMSNorm(latent_dim, eps=1e-6)
        self.key_value_proj = nn.Linear(latent_dim, 2 * num_heads * head_dim, bias=False)
        self.output_proj = nn.Linear(num_heads * head_dim, dim, bias=False)

    def project(self, x: Tensor, rotate: Rotate, compact: bool) -> tuple[Tensor, Tensor, Tensor]:
        return self.project_query(x, rotate, compact), *self.project_context(x, rotate, compact)

    def project_query(self, x: Tensor, rotate: Rotate, compact: bool) -> Tensor:
        query = split_heads(self.query_proj(x), self.num_heads)
        plain, turned = query.split_with_sizes([self.head_dim, self.rotary_dim], -1)
        if compact:
            plain = plain @ self._up()[0]  # (B, H, T, R)
        return torch.cat([plain, rotate(turned)], dim=-1)

    def project_context(self, context: Tensor, rotate: Rotate, compact: bool) -> tuple[Tensor, Tensor]:
        latent, turned = self.latent_proj(context).split([self.latent_dim, self.rotary_dim], dim=-1)
        latent, turned = self.latent_norm(latent), rotate(turned.unsqueeze(1))  # (B, S, R), (B, 1, S, Er)
        if compact:
            key = torch.cat([latent.unsqueeze(1), turned], dim=-1)
            return key, key[..., : self.latent_dim]
        plain, value = split_heads(self.key_value_proj(latent), self.num_heads).chunk(2, dim=-1)
        return torch.cat([plain, turned.expand(-1, self.num_heads, -1, -1)], dim=-1), value

    def output(self, mixed: Tensor, compact: bool) -> Tensor:
        if compact:
            mixed = mixed @ self._up()[1].transpose(-1, -2)  # (B, H, T, R) to (B, H, T, E)
        out: Tensor = self.output_proj(join_heads(mixed))
        return out

    def new_cache(self, batch: int, max_length: int | None) -> Cache:
        return LatentCache(batch, self.latent_dim, max_length)

    def _up(self) -> tuple[Tensor, Tensor]:
        """Uk and Uv, each (H, E, R)."""
        key, value = self.key_value_proj.weight.view(self.num_heads, 2 * self.head_dim, -1).chunk(2, dim=1)
        return key, value
