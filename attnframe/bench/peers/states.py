"""What layers have around a recurrence, for packages that offer the recurrence as a function."""

from __future__ import annotations

from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.bench.peers.base import Request

Rule = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""From queries, keys, values (B, T, H, E) and signals (B, T, H, width) to (B, T, H, E)."""
AROUND = "its recurrence between linear maps of torch, as ours has them"
"""What differs from ours when a recurrence is compared as a layer."""


class StateLayer(nn.Module):
    """Linear maps, a recurrence, and a normalised and gated output.

    Args:
        request: the layer. rule: the recurrence.
        width: numbers a head that the recurrence reads from the token besides.
        normed: whether each head is normalised afterwards. gated: whether the token gates it then.
        silu: whether queries and keys are silu of themselves over their lengths.
    """

    def __init__(
        self,
        request: Request,
        rule: Rule,
        *,
        width: int = 0,
        normed: bool = True,
        gated: bool = False,
        silu: bool = False,
    ) -> None:
        super().__init__()
        self.rule, self.silu = rule, silu
        self.heads = (request.num_heads, -1)
        self.input_proj = nn.Linear(request.dim, 3 * request.dim, bias=False)
        self.output_proj = nn.Linear(request.dim, request.dim, bias=False)
        self.signal_proj = nn.Linear(request.dim, request.num_heads * width) if width else None
        self.norm = nn.RMSNorm(request.head_dim) if normed else nn.Identity()
        self.gate_proj = nn.Linear(request.dim, request.dim) if gated else None

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = (part.unflatten(-1, self.heads) for part in self.input_proj(x).chunk(3, -1))
        if self.silu:
            query, key = (F.normalize(F.silu(part), dim=-1) for part in (query, key))
        signals = x if self.signal_proj is None else self.signal_proj(x).unflatten(-1, self.heads)
        mixed = self.norm(self.rule(query, key, value, signals).to(x.dtype)).flatten(2)
        if self.gate_proj is not None:
            mixed = F.silu(self.gate_proj(x)) * mixed
        out: Tensor = self.output_proj(mixed)
        return out
