"""Projections of their own for queries, keys and values."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attnframe.attention.projections.base import Projections, Rotate, join_heads


class SeparateProjections(Projections):
    """One linear map each for queries, keys, values and output (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762).

    q = x Wq, k = c Wk, v = c Wv with c = x in self attention;  out = mixed Wo

    The maps of queries, keys and values are one product; a context of its own width needs two.

    Args:
        dim: model width D.
        num_heads: query heads H.
        num_kv_heads: key-value heads K, a divisor of `num_heads`; None for `num_heads`.
        head_dim: head width E; None for dim / num_heads.
        context_dim: width C of the context, for cross attention; None for D.
        bias: whether the maps have biases.
        qk_norm: whether each head's queries and keys are divided by their root mean square and scaled by a learned
            weight for each feature, before they are rotated (Henry et al. 2020, https://arxiv.org/abs/2010.04245; as in
            Gemma 3 and Qwen 3).
        rotary_parts: equal parts of a head that are rotated each by itself, a divisor of E.
        reads_queries_and_keys: False for a mixer that ignores them: none are made, their width is 0.

    Raises:
        ConfigurationError: none here; `Attention` checks its sizes.
    """

    output_proj: nn.Linear

    def __init__(
        self,
        dim: int,
        num_heads: int,
        num_kv_heads: int | None = None,
        head_dim: int | None = None,
        *,
        context_dim: int | None = None,
        bias: bool = False,
        qk_norm: bool = False,
        rotary_parts: int = 1,
        reads_queries_and_keys: bool = True,
    ) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.num_kv_heads = num_heads if num_kv_heads is None else num_kv_heads
        self.head_dim = dim // num_heads if head_dim is None else head_dim
        self.context_dim, self.rotary_parts = context_dim, rotary_parts
        query, shared = num_heads * self.head_dim, self.num_kv_heads * self.head_dim
        reads = reads_queries_and_keys
        self._widths = [query if reads else 0, shared if reads else 0, shared]
        self.query_proj = nn.Linear(dim, query, bias=bias) if context_dim is not None and reads else None
        fused = sum(self._widths) if context_dim is None else sum(self._widths[1:])
        self.input_proj = nn.Linear(context_dim or dim, fused, bias=bias)
        self.output_proj = nn.Linear(query, dim, bias=bias)
        normed = qk_norm and reads
        self.query_norm = nn.RMSNorm(self.head_dim, eps=1e-6) if normed else None
        self.key_norm = nn.RMSNorm(self.head_dim, eps=1e-6) if normed else None

    def project(self, x: Tensor, rotate: Rotate, compact: bool) -> tuple[Tensor, Tensor, Tensor]:
        if self.query_proj is None:
            query, key, value = self._parts(self.input_proj(x), self._widths)
        else:
            query = self._heads(self.query_proj(x))
            key, value = self._parts(self.input_proj(x), self._widths[1:])
        return self._turned(query, self.query_norm, rotate), self._turned(key, self.key_norm, rotate), value

    def project_query(self, x: Tensor, rotate: Rotate, compact: bool) -> Tensor:
        """Queries alone, from the fused projection when there is one."""
        if self.query_proj is not None:
            return self._turned(self._heads(self.query_proj(x)), self.query_norm, rotate)
        if self._widths[0] == 0:
            return self._heads(x[..., :0])
        bias = self.input_proj.bias
        width = self._widths[0] if self.context_dim is None else 0
        query = F.linear(x, self.input_proj.weight[:width], None if bias is None else bias[:width])
        return self._turned(self._heads(query), self.query_norm, rotate)

    def project_context(self, context: Tensor, rotate: Rotate, compact: bool) -> tuple[Tensor, Tensor]:
        bias = self.input_proj.bias
        first = self._widths[0] if self.context_dim is None else 0
        fused = F.linear(context, self.input_proj.weight[first:], None if bias is None else bias[first:])
        key, value = self._parts(fused, self._widths[1:])
        return self._turned(key, self.key_norm, rotate), value

    def output(self, mixed: Tensor, compact: bool) -> Tensor:
        out: Tensor = self.output_proj(join_heads(mixed))
        return out

    def _parts(self, fused: Tensor, widths: Sequence[int]) -> list[Tensor]:
        """A fused projection (B, T, widths) as one (B, heads, T, E) for each width."""
        if widths[0] == 0:
            return [self._heads(part) for part in fused.split_with_sizes(widths, -1)]
        # Split between view and transpose: the fewest operators on one token, and gradients are joined by one copy.
        heads = [width // self.head_dim for width in widths]
        split = fused.view(fused.shape[0], fused.shape[1], sum(heads), self.head_dim).split_with_sizes(heads, 2)
        return [part.transpose(1, 2) for part in split]

    def _heads(self, x: Tensor) -> Tensor:
        """(B, T, heads * E) as (B, heads, T, E); a mixer that reads no queries and keys gets all heads with width 0."""
        if x.shape[-1] == 0:
            return x.new_empty((x.shape[0], self.num_heads, x.shape[1], 0))
        return x.view(x.shape[0], x.shape[1], x.shape[-1] // self.head_dim, self.head_dim).transpose(1, 2)

    def _turned(self, x: Tensor, norm: nn.RMSNorm | None, rotate: Rotate) -> Tensor:
        if x.shape[-1] == 0:
            return x
        if norm is not None:
            x = torch.rms_norm(x, norm.normalized_shape, norm.weight, norm.eps)
        if self.rotary_parts == 1:
            return rotate(x)
        batch, heads, length, _ = x.shape
        parts = x.view(batch, heads, length, self.rotary_parts, -1).transpose(2, 3).flatten(1, 2)
        return rotate(parts).view(batch, heads, self.rotary_parts, length, -1).transpose(2, 3).reshape_as(x)
