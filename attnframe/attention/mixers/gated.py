"""A gate on the output of any mixer."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.attention.cache import Cache
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.plan import Plan


class GatedMixer(Mixer):
    """Multiplies what a query gets by a sigmoid gate of its own (Qiu et al. 2025, https://arxiv.org/abs/2505.06708).

    out_i = sigmoid(x_i Wg + b) * mix_i, elementwise

    Args:
        inner: how values are mixed.
        value_dim: width V of its values.
    """

    def __init__(self, inner: Mixer, value_dim: int) -> None:
        super().__init__()
        self.inner, self.takes_bias = inner, inner.takes_bias
        self.signals = {**inner.signals, "gate": value_dim}

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        out: Tensor = self.inner(query, key, value, call)
        return out

    def finish(self, mixed: Tensor, call: Call) -> Tensor:
        return self.inner.finish(mixed, call) * torch.sigmoid(call.signals["gate"])

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        return self.inner.weights(query, key, call, rows)

    def plan(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Plan:
        return self.inner.plan(query, key, value, call)

    def new_cache(self, batch: int, max_length: int | None) -> Cache:
        return self.inner.new_cache(batch, max_length)

    def accepts(self, cache: Cache) -> bool:
        return self.inner.accepts(cache)
