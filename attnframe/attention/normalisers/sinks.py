"""Softmax with learned sinks."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.attention.normalisers.base import FusedForm, Normaliser, segment_max, segment_sum, widened


class Sinks(Normaliser):
    """Softmax with a learned logit for each head that takes weight and gives no value (OpenAI 2025, gpt-oss, https://arxiv.org/abs/2508.10925;
    on sinks Xiao et al. 2023, https://arxiv.org/abs/2309.17453).

    weight_j = exp(s_j) / (exp(sink_h) + sum_{i visible} exp(s_i))

    The logits start at 0, which is `SoftmaxPlusOne`. Rows sum to less than one.

    Args:
        num_heads: query heads H.
    """

    rows_sum_to_one = False

    def __init__(self, num_heads: int) -> None:
        super().__init__()
        self.logits = nn.Parameter(torch.empty(num_heads))  # sink, (H,)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set every logit to 0."""
        nn.init.zeros_(self.logits)

    def fused(self) -> FusedForm:
        return FusedForm(sink=self.logits)

    def dense(self, scores: Tensor, allowed: Tensor | None) -> Tensor:
        return softmax_with_sink(scores, allowed, self.logits.view(-1, 1, 1)).view_as(scores)

    def segments(self, scores: Tensor, index: Tensor, num_segments: int) -> Tensor:
        if scores.dim() > 1:
            return segment_softmax_with_sink(scores, index, num_segments, self.logits)
        heads = torch.arange(num_segments, device=scores.device) % len(self.logits)
        return segment_softmax_with_sink(scores, index, num_segments, self.logits[heads])


def softmax_with_sink(scores: Tensor, allowed: Tensor | None, sink: Tensor) -> Tensor:
    """Softmax over the last axis with one more logit, `sink`, broadcastable to (..., 1), in every sum."""
    wide = widened(scores)
    hidden = None if allowed is None else ~allowed
    filled = wide if hidden is None else wide.masked_fill(hidden, torch.finfo(wide.dtype).min)
    sink = sink.to(wide.dtype)
    top = torch.maximum(filled.detach().amax(dim=-1, keepdim=True), sink.detach())
    shifted = torch.exp(filled - top)
    if hidden is not None:
        shifted = shifted.masked_fill(hidden, 0.0)
    return (shifted / (shifted.sum(dim=-1, keepdim=True) + torch.exp(sink - top))).to(scores.dtype)


def segment_softmax_with_sink(scores: Tensor, index: Tensor, num_segments: int, sink: Tensor) -> Tensor:
    """Softmax over segments with one more logit, `sink`, broadcastable to (num_segments, ...), in every sum."""
    wide = widened(scores)
    sink = sink.to(wide.dtype)
    top = torch.maximum(segment_max(wide, index, num_segments), sink.detach())
    shifted = torch.exp(wide - top[index])
    total = segment_sum(shifted, index, num_segments) + torch.exp(sink - top)
    return (shifted / total[index]).to(scores.dtype)
