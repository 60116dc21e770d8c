"""Projections that keys and values share."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attnframe.attention.projections.base import Projections, Rotate, join_heads, split_heads
from attnframe.errors import ConfigurationError, Fault


class TiedProjections(Projections):
    """One map for keys and values, and for queries too unless they have one of their own; the heads side by side are
    the output (Velickovic et al. 2018, https://arxiv.org/abs/1710.10903).

    k = v = c W with c = x in self attention;  q = x W, or x Wq;  out = [head_1, ..., head_H] + b

    A rotary position turns queries and keys and leaves the values. A context of its own width needs maps of queries
    of their own.

    Args:
        dim: model width D.
        num_heads: heads H, of queries, keys and values.
        head_dim: head width E; None for dim / num_heads. The output has width H E.
        context_dim: width C of the context, for cross attention; None for D.
        own_query: whether queries have a map of their own though they could share that of the keys.
        bias: whether the maps have biases.
        output_bias: whether the output has a bias.

    Raises:
        ConfigurationError: when `num_heads` does not divide `dim` and no `head_dim` is given.
    """

    def __init__(
        self,
        dim: int,
        num_heads: int,
        head_dim: int | None = None,
        *,
        context_dim: int | None = None,
        own_query: bool = False,
        bias: bool = False,
        output_bias: bool = False,
    ) -> None:
        super().__init__()
        self.num_heads = self.num_kv_heads = num_heads
        self.width = num_heads * (_width(dim, num_heads) if head_dim is None else head_dim)
        # One product for queries and keys; a context of its own width needs two.
        self.query_proj = nn.Linear(dim, self.width, bias=bias) if context_dim is not None else None
        self.maps = 2 if own_query and context_dim is None else 1
        self.input_proj: nn.Linear | nn.Identity = nn.Linear(context_dim or dim, self.maps * self.width, bias=bias)
        self.output_proj = nn.Identity()
        self.output_bias = nn.Parameter(torch.zeros(self.width)) if output_bias else None

    def leave_out_map(self) -> bool:
        """Take inputs as they are, mapped by whoever made them; two maps in a row would be one that is learnt faster.

        Returns:
            Whether that is possible: in self attention, where one map gives queries, keys and values.
        """
        given = self.input_proj
        single = self.maps == 1 and self.query_proj is None
        if single and isinstance(given, nn.Linear) and given.in_features == self.width:
            self.input_proj = nn.Identity()
        return isinstance(self.input_proj, nn.Identity)

    def project(self, x: Tensor, rotate: Rotate, compact: bool) -> tuple[Tensor, Tensor, Tensor]:
        *own, value = split_heads(self.input_proj(x), self.maps * self.num_heads).chunk(self.maps, dim=1)
        key = rotate(value)
        if self.query_proj is not None:
            return self.project_query(x, rotate, compact), key, value
        return rotate(own[0]) if own else key, key, value

    def project_query(self, x: Tensor, rotate: Rotate, compact: bool) -> Tensor:
        if self.query_proj is not None:
            return rotate(split_heads(self.query_proj(x), self.num_heads))
        return rotate(split_heads(self._part(x, slice(0, self.width)), self.num_heads))

    def project_context(self, context: Tensor, rotate: Rotate, compact: bool) -> tuple[Tensor, Tensor]:
        value = split_heads(self._part(context, slice(-self.width, None)), self.num_heads)
        return rotate(value), value

    def output(self, mixed: Tensor, compact: bool) -> Tensor:
        out: Tensor = self.output_proj(join_heads(mixed))
        return out if self.output_bias is None else out + self.output_bias

    def _part(self, x: Tensor, rows: slice) -> Tensor:
        """Some of the features that the joint map gives."""
        if isinstance(self.input_proj, nn.Identity):
            return x[..., rows]
        bias = self.input_proj.bias
        return F.linear(x, self.input_proj.weight[rows], None if bias is None else bias[rows])


def _width(dim: int, num_heads: int) -> int:
    """Head width where none is given."""
    if dim % num_heads:
        possible = ", ".join(str(one) for one in range(1, min(dim, 64) + 1) if dim % one == 0)
        must = f"must divide dim={dim}, or head_dim must be given"
        raise ConfigurationError(Fault("num_heads (TiedProjections)", must, str(num_heads), f"Possible: {possible}."))
    return dim // num_heads
