"""cosFormer attention: rectified features, weighted by the distance."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixer import Call
from attnframe.attention.mixers.kernel import KernelMixer
from attnframe.attention.mixers.shortcut import as_wide, has_edges
from attnframe.errors import ConfigurationError, Fault


class CosformerMixer(KernelMixer):
    """cosFormer (Qin et al. 2022, https://arxiv.org/abs/2202.08791): rectified features instead of the exponential, and
    a cosine that favours near keys.

    weight_ij ~ <relu(q_i), relu(k_j)> cos(pi (i - j) / (2 M))

    The cosine splits into products, so time stays linear: the features of x at position p are
    [relu(x) cos(pi p / (2 M)), relu(x) sin(pi p / (2 M))]. The paper takes M as the length of the sequence; here it is
    fixed, so that a token's weights do not change as the sequence grows and cached decoding is exact. Only distances
    count. A query whose rectified features meet none of its keys' gets 0; else weights are at least 0 and sum to one.

    Args:
        max_length: M, the most tokens in a sequence, at least 1.
        chunk: tokens among which pairs are formed in a causal call, at least 1; None chooses. It changes no result.

    Shapes: query (B, H, T, E), key (B, K, T, E), value (B, K, T, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when `max_length` or `chunk` is below 1.
    """

    def __init__(self, max_length: int, chunk: int | None = None) -> None:
        super().__init__(chunk)
        if max_length < 1:
            raise ConfigurationError(Fault("max_length (CosformerMixer)", "must be at least 1", str(max_length)))
        self.max_length = max_length

    def check(self, call: Call) -> None:
        works = "Use attention=linear or attention=performer."
        if call.cross:
            raise self.refusal("weights keys by distance, which two sequences do not have", works)
        if has_edges(call):
            raise self.refusal("weights keys by distance in a sequence, which nodes of a graph do not have", works)
        length = call.extent.start + call.extent.queries
        if length > self.max_length:
            reason = f"serves max_length={self.max_length} tokens, beyond which weights turn negative, not {length}"
            raise self.refusal(reason, f"Use attention.max_length={length} or more.")

    def feature_dim(self, head_dim: int) -> int:
        return 2 * head_dim

    def query_features(self, query: Tensor, positions: Tensor) -> Tensor:
        return self._turned(query, positions)

    def key_features(self, key: Tensor, positions: Tensor) -> Tensor:
        return self._turned(key, positions)

    def _turned(self, x: Tensor, positions: Tensor) -> Tensor:
        rectified = F.relu(as_wide(x))
        angle = (positions.to(rectified.dtype) * (math.pi / (2 * self.max_length))).unsqueeze(-1)
        return torch.cat([rectified * angle.cos(), rectified * angle.sin()], dim=-1)

    def extra_repr(self) -> str:
        return f"max_length={self.max_length}"
