"""Linear attention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixers.kernel import KernelMixer
from attnframe.attention.mixers.shortcut import as_wide


class LinearMixer(KernelMixer):
    """Linear attention (Katharopoulos et al. 2020, https://arxiv.org/abs/2006.16236).

    out_i = phi(q_i)^T (sum_j phi(k_j) v_j^T) / phi(q_i)^T (sum_j phi(k_j)),  phi(x) = elu(x) + 1

    over the visible keys j.

    Args:
        chunk: tokens among which pairs are formed in a causal call, at least 1; None chooses. It changes no result.

    Shapes: query (B, H, T, E), key (B, K, S, E), value (B, K, S, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when `chunk` is below 1.
    """

    def feature_dim(self, head_dim: int) -> int:
        return head_dim

    def query_features(self, query: Tensor, positions: Tensor) -> Tensor:
        return query_feature(as_wide(query))

    def key_features(self, key: Tensor, positions: Tensor) -> Tensor:
        return feature(as_wide(key))


class _EluPlusOne(torch.autograd.Function):
    """elu(x) + 1. Its slope is min(elu(x) + 1, 1), so the output is all that is kept."""

    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Tensor:
        (x,) = inputs
        positive = F.relu(x)
        out: Tensor = torch.exp(x - positive).add_(positive)
        ctx.save_for_backward(out)
        return out

    @staticmethod
    def backward(ctx: Any, *outputs: Any) -> Tensor:
        (out,) = ctx.saved_tensors
        slope: Tensor = outputs[0] * out.clamp(max=1.0)
        return slope


def feature(x: Tensor) -> Tensor:
    """elu(x) + 1, above 0; the exponential is taken as such, because expm1 plus 1 is 0 from x = -17 on in float32."""
    apply: Callable[[Tensor], Tensor] = _EluPlusOne.apply
    return apply(x)


def query_feature(x: Tensor) -> Tensor:
    """`feature`, over its largest entry where that is below 1: the factor cancels in the weights, and large negative
    logits do not underflow.
    """
    return feature(x - x.detach().amax(dim=-1, keepdim=True).clamp(max=0.0))
