"""A temperature in front of a normaliser."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor

from attnframe.attention.normalisers.base import FusedForm, Normaliser, widened
from attnframe.errors import ConfigurationError, Fault


class Tempered(Normaliser):
    """Divides scores by a temperature, then weighs them as another normaliser does (Hinton, Vinyals and Dean 2015, https://arxiv.org/abs/1503.02531).

    weights = inner(s / temperature); below 1 sharper, above 1 flatter

    Args:
        inner: the normaliser.
        temperature: above 0.

    Raises:
        ConfigurationError: when `temperature` is not above 0.
    """

    def __init__(self, inner: Normaliser, temperature: float) -> None:
        super().__init__()
        if not temperature > 0:
            raise ConfigurationError(Fault("temperature (Tempered)", "must be above 0", repr(temperature)))
        self.inner, self.temperature = inner, temperature
        self.rows_sum_to_one = inner.rows_sum_to_one

    def fused(self) -> FusedForm | None:
        form = self.inner.fused()
        return None if form is None else replace(form, temperature=form.temperature * self.temperature)

    def dense(self, scores: Tensor, allowed: Tensor | None) -> Tensor:
        return self.inner.dense(widened(scores, self.temperature), allowed).to(scores.dtype)

    def segments(self, scores: Tensor, index: Tensor, num_segments: int) -> Tensor:
        return self.inner.segments(widened(scores, self.temperature), index, num_segments).to(scores.dtype)

    def extra_repr(self) -> str:
        return f"temperature={self.temperature}"
