"""Attention by scores: weights from compared queries and keys, times values."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import torch
from torch import Tensor

from attnframe.attention.backends.base import Backend, Pattern, Request, Weighting
from attnframe.attention.backends.blocks import Blocks
from attnframe.attention.backends.edges import EdgeList
from attnframe.attention.backends.eager import Eager, weights
from attnframe.attention.backends.sdpa import Sdpa
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.normalisers import Normaliser, Softmax
from attnframe.attention.plan import Plan, choose, log_once
from attnframe.attention.scores import DotScore, ScaledDot, Score
from attnframe.errors import ConfigurationError, Fault, did_you_mean

BackendName = Literal["auto", "eager", "sdpa", "edges", "blocks"]


class SoftmaxMixer(Mixer):
    """Weighted means of values (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, and its relatives).

    out_i = sum_j normalise_j(score(q_i, k_j) + bias_ij) v_j over the keys j that query i may see

    Args:
        score: compares queries with keys; None for `ScaledDot` of the head width.
        normaliser: turns scores into weights; `Softmax()` by default.
        dropout: probability of dropping a weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
        chunk: query rows at a time on the eager backend; None chooses. It changes no result.

    Raises:
        ConfigurationError: for a dropout outside [0, 1] or an unknown backend.
    """

    def __init__(
        self,
        score: Score | None = None,
        normaliser: Normaliser | None = None,
        dropout: float = 0.0,
        backend: BackendName = "auto",
        chunk: int | None = None,
    ) -> None:
        super().__init__()
        self.score = score
        self.normaliser = normaliser if normaliser is not None else Softmax()
        self.dropout, self.backend = dropout, backend
        self._backends: tuple[Backend, ...] = (EdgeList(), Blocks(), Sdpa(), Eager(chunk))
        self._by_name = {one.name: one for one in self._backends}
        self._check()

    def _check(self) -> None:
        found = []
        if not 0 <= self.dropout <= 1:
            found.append(Fault("dropout (SoftmaxMixer)", "must be from 0 to 1", repr(self.dropout)))
        if self.backend != "auto" and self.backend not in self._by_name:
            works = did_you_mean(self.backend, ["auto", *self._by_name])
            found.append(Fault("backend (SoftmaxMixer)", "must be a known backend", repr(self.backend), works))
        if found:
            raise ConfigurationError(found)

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        chosen = self.plan(query, key, value, call).chosen
        dropout = self.dropout if self.training else 0.0
        return self._by_name[chosen].attend(query, key, value, call, self._weighting(query, dropout))

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        return weights(query, key, call, self._weighting(query, 0.0), rows)

    def plan(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Plan:
        request = self._request(query, key, value, call)
        if torch.compiler.is_compiling():
            return choose(request, self._backends, self.backend)
        return _planned(request, self._backends, self.backend)

    def _weighting(self, query: Tensor, dropout: float) -> Weighting:
        score = self.score if self.score is not None else _scaled_dot(query.shape[3])
        return Weighting(score, self.normaliser, dropout)

    def _request(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Request:
        extent = call.extent
        return Request(
            batch=extent.batch,
            heads=extent.heads,
            kv_heads=key.shape[1],
            queries=extent.queries,
            keys=extent.keys,
            head_dim=query.shape[3],
            value_dim=value.shape[3],
            start=extent.start,
            contiguous=extent.key_positions is None,
            dtype=query.dtype,
            device=query.device.type,
            grad=torch.is_grad_enabled() and (query.requires_grad or key.requires_grad or value.requires_grad),
            dropout=self.training and self.dropout > 0,
            dot=self.score is None or isinstance(self.score, DotScore),
            softmax=isinstance(self.normaliser, Softmax),
            score="ScaledDot" if self.score is None else type(self.score).__name__,
            normaliser=type(self.normaliser).__name__,
            bias=call.bias is not None,
            pattern=Pattern.of(call.mask, extent),
        )

    def extra_repr(self) -> str:
        return f"dropout={self.dropout}, backend={self.backend}"


@lru_cache(maxsize=64)
def _scaled_dot(head_dim: int) -> ScaledDot:
    return ScaledDot(max(1, head_dim))


@lru_cache(maxsize=4096)
def _planned(request: Request, backends: tuple[Backend, ...], wanted: str) -> Plan:
    plan = choose(request, backends, wanted)
    refused = [f"{v.name}: {'; '.join(v.reasons)}" for v in plan.verdicts if not v.possible and v.name == "sdpa"]
    if plan.chosen == "eager" and wanted == "auto" and refused:
        log_once(f"attention.backend=auto fell back to eager. {refused[0]}.")
    return plan
