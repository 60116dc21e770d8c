"""Softmax plus one."""

from __future__ import annotations

from torch import Tensor

from attnframe.attention.normalisers.base import FusedForm, Normaliser
from attnframe.attention.normalisers.sinks import segment_softmax_with_sink, softmax_with_sink


class SoftmaxPlusOne(Normaliser):
    """Softmax with one more in the denominator, so that a head may attend to nothing (Miller 2023, https://www.evanmiller.org/attention-is-off-by-one.html).

    weight_j = exp(s_j) / (1 + sum_{i visible} exp(s_i))

    Rows sum to less than one.
    """

    rows_sum_to_one = False

    def fused(self) -> FusedForm:
        return FusedForm(sink=0.0)

    def dense(self, scores: Tensor, allowed: Tensor | None) -> Tensor:
        return softmax_with_sink(scores, allowed, scores.new_zeros(()))

    def segments(self, scores: Tensor, index: Tensor, num_segments: int) -> Tensor:
        return segment_softmax_with_sink(scores, index, num_segments, scores.new_zeros(()))
