"""Linear attention."""

from __future__ import annotations

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
        chunk: rows in a block, at least 1; None chooses. It changes no result.

    Shapes: query (B, H, T, E), key (B, K, S, E), value (B, K, S, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when `chunk` is below 1.
    """

    def query_features(self, query: Tensor, positions: Tensor) -> Tensor:
        return query_feature(as_wide(query))

    def key_features(self, key: Tensor, positions: Tensor) -> Tensor:
        return feature(as_wide(key))


def feature(x: Tensor) -> Tensor:
    """elu(x) + 1, above 0; the exponential is taken as such, because expm1 plus 1 is 0 from x = -17 on in float32."""
    positive = F.relu(x)
    # x - relu(x) is min(x, 0), with a gradient of 1 at 0 and much cheaper than that of a clamp.
    return positive + torch.exp(x - positive)


def query_feature(x: Tensor) -> Tensor:
    """`feature`, over its largest entry where that is below 1: the factor cancels in the weights, and large negative
    logits do not underflow.
    """
    top = x.detach().amax(dim=-1, keepdim=True).clamp(max=0.0)
    return feature(x - top)
