"""Softmax over the largest scores."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.attention.normalisers.base import Normaliser, segment_max, segment_sum, widened
from attnframe.attention.normalisers.ranked import Ranked
from attnframe.attention.normalisers.softmax import Softmax
from attnframe.errors import ConfigurationError, Fault


class TopK(Normaliser):
    """Softmax over the k largest visible scores of each query (Zhao et al. 2019, https://arxiv.org/abs/1912.11637).

    weight_j = exp(s_j) / sum_{i kept} exp(s_i) for kept j, else 0;  j is kept when s_j is not below the k-th largest

    Scores equal to the k-th largest are all kept, so the order of keys does not matter.

    Args:
        k: scores kept, at least 1.

    Raises:
        ConfigurationError: when `k` is below 1.
    """

    rows_sum_to_one = True

    def __init__(self, k: int) -> None:
        super().__init__()
        if k < 1:
            raise ConfigurationError(Fault("k (TopK)", "must be at least 1", str(k)))
        self.k = k
        self.softmax = Softmax()

    def dense(self, scores: Tensor, allowed: Tensor | None) -> Tensor:
        if self.k >= scores.shape[-1]:
            return self.softmax.dense(scores, allowed)
        wide = widened(scores)
        filled = wide.detach()
        if allowed is not None:
            filled = filled.masked_fill(~allowed, torch.finfo(wide.dtype).min)
        last = filled.topk(self.k, dim=-1, sorted=False).values.amin(dim=-1, keepdim=True)
        kept = filled >= last
        return self.softmax.dense(wide, kept if allowed is None else kept & allowed).to(scores.dtype)

    def segments(self, scores: Tensor, index: Tensor, num_segments: int) -> Tensor:
        if len(index) == 0:
            return scores
        wide = widened(scores)
        columns = wide.unsqueeze(-1).flatten(1)  # (N, M)
        ranked = Ranked.of(columns, index, num_segments)
        rank = ranked.size.clamp(min=1, max=self.k).unsqueeze(1).expand(-1, columns.shape[1])
        last = ranked.at(ranked.values, rank).to(wide.dtype)
        shifted = torch.exp(columns - segment_max(columns, index, num_segments)[index])
        shifted = shifted.masked_fill(columns.detach() < last[index], 0.0)
        return (shifted / segment_sum(shifted, index, num_segments)[index]).view_as(scores).to(scores.dtype)

    def extra_repr(self) -> str:
        return f"k={self.k}"
