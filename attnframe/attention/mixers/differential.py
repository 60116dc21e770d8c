"""Differential attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.mixers.softmax import BackendName, SoftmaxMixer
from attnframe.attention.plan import Plan
from attnframe.attention.scores import DotScore


class DifferentialMixer(Mixer):
    """The difference of two softmax maps, which cancels what both attend to by accident (Ye et al. 2024, https://arxiv.org/abs/2410.05258).

    mix_i = sum_j (softmax_j(<q1_i, k1_j> / sqrt(d)) - lambda softmax_j(<q2_i, k2_j> / sqrt(d))) v_j
    out_i = (1 - lambda_init) rms_norm(mix_i)
    lambda = exp(<a1, b1>) - exp(<a2, b2>) + lambda_init

    q1, q2 and k1, k2 are the halves, of width d = E / 2, of a head's query and key; a1, b1, a2, b2 are learned vectors
    of width d that all heads share. In the paper lambda_init grows with the depth of a layer from 0.2 to 0.8, and one
    value for all layers does as well.

    Args:
        head_dim: head width E, even.
        lambda_init: what lambda starts around, in (0, 1).
        dropout: probability of dropping a weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.

    Shapes: query (B, H, T, E), key (B, K, S, E), value (B, K, S, V) to (B, H, T, V).
    """

    def __init__(
        self, head_dim: int, lambda_init: float = 0.8, dropout: float = 0.0, backend: BackendName = "auto"
    ) -> None:
        super().__init__()
        self.lambda_init = lambda_init
        self.first = SoftmaxMixer(_HalfDot(head_dim, 0), dropout=dropout, backend=backend)
        self.second = SoftmaxMixer(_HalfDot(head_dim, 1), dropout=dropout, backend=backend)
        self.vectors = nn.Parameter(torch.empty(4, head_dim // 2))  # a1, b1, a2, b2
        self.norm = nn.RMSNorm(head_dim, eps=1e-5)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the vectors from a normal distribution with deviation 0.1, as the paper does."""
        nn.init.normal_(self.vectors, std=0.1)

    def factor(self) -> Tensor:
        """lambda, a number, in float32 at least."""
        wide = self.vectors.to(torch.promote_types(self.vectors.dtype, torch.float32))
        first, second = (wide[0] * wide[1]).sum(), (wide[2] * wide[3]).sum()
        found: Tensor = first.exp() - second.exp() + self.lambda_init
        return found

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        first, second = (mixer(query, key, value, call) for mixer in (self.first, self.second))
        mixed: Tensor = first - self.factor().to(first.dtype) * second
        return mixed

    def finish(self, mixed: Tensor, call: Call) -> Tensor:
        normed: Tensor = self.norm(mixed)
        return normed * (1 - self.lambda_init)

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        first, second = (mixer.weights(query, key, call, rows) for mixer in (self.first, self.second))
        return first - self.factor().to(first.dtype) * second

    def plan(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Plan:
        return self.first.plan(query, key, value, call)


class _HalfDot(DotScore):
    """Scaled dot product of one half of the features: the query's other half is set to 0, which keeps one width for
    queries, keys and values, as fused kernels want it.
    """

    def __init__(self, head_dim: int, which: int) -> None:
        super().__init__()
        self.scale = (head_dim // 2) ** -0.5
        self.head_dim, self.which = head_dim, which

    def map_query(self, query: Tensor) -> Tensor:
        width = self.head_dim // 2
        before, after = (0, width) if self.which == 0 else (width, 0)
        return nn.functional.pad(query[..., self.which * width : (self.which + 1) * width], (before, after))

    def map_key(self, key: Tensor) -> Tensor:
        return key
