"""Attention by scores: weights from compared queries and keys, times values."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import torch
from torch import Tensor

from attnframe.attention.backends.base import Backend, Pattern, Request, Weighting
from attnframe.attention.backends.blocks import Blocks
from attnframe.attention.backends.eager import Eager, scores, weights
from attnframe.attention.backends.edges import EdgeList
from attnframe.attention.backends.flash import Flash
from attnframe.attention.backends.flex import Flex
from attnframe.attention.backends.folding import is_ramp
from attnframe.attention.backends.score_mod import has_score_mod, is_capped_dot
from attnframe.attention.backends.sdpa import Sdpa, is_short
from attnframe.attention.backends.tiles import Tiles
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.normalisers import Normaliser, Softmax
from attnframe.attention.plan import Plan, choose, log_once
from attnframe.attention.scores import DotScore, ScaledDot, Score
from attnframe.errors import ConfigurationError, Fault, did_you_mean

_SCALED_DOT: dict[int, ScaledDot] = {}

BackendName = Literal["auto", "edges", "flash", "flex", "blocks", "tiles", "sdpa", "eager"]

_SDPA = Sdpa()
_IN_ORDER: tuple[Backend, ...] = (EdgeList(), Flash(), Flex(), Blocks(), Tiles(), _SDPA, Eager())
"""By preference; the last serves every request."""
_BY_NAME = {backend.name: backend for backend in _IN_ORDER}


class SoftmaxMixer(Mixer):
    """Weighted means of values (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, and its relatives).

    out_i = sum_j normalise_j(score(q_i, k_j) + bias_ij) v_j over the keys j that query i may see

    Args:
        score: compares queries with keys; None for `ScaledDot` of the head width.
        normaliser: turns scores into weights; None for `Softmax`.
        dropout: probability of dropping a weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
        chunk: query rows at a time on the eager backend, at least 1; None chooses. It changes no result.

    Raises:
        ConfigurationError: for a dropout outside [0, 1], a chunk below 1 or an unknown backend.
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
        self.dropout, self.backend, self.chunk = dropout, backend, chunk
        found = []
        if not 0 <= dropout <= 1:
            found.append(Fault("dropout (SoftmaxMixer)", "must be from 0 to 1", repr(dropout)))
        if backend != "auto" and backend not in _BY_NAME:
            works = did_you_mean(backend, ["auto", *_BY_NAME])
            found.append(Fault("backend (SoftmaxMixer)", "must be a known backend", repr(backend), works))
        if chunk is not None and chunk < 1:
            found.append(Fault("chunk (SoftmaxMixer)", "must be at least 1", str(chunk)))
        if found:
            raise ConfigurationError(found)

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        dropout = self.dropout if self.training else 0.0
        if dropout == 0 and call.sees_all and self._is_fused(query, key):
            # The plan for nearly all sizes; to make it anew for each length would take longer than a step of decoding.
            score = self._score(query)
            if isinstance(score, DotScore) and isinstance(self.normaliser, Softmax):
                return _SDPA.attend_all(query, key, value, score)
        backend = _BY_NAME[self.plan(query, key, value, call).chosen]
        return backend.attend(query, key, value, call, self._weighting(query, dropout))

    def _is_fused(self, query: Tensor, key: Tensor) -> bool:
        """Whether the plan is SDPA where every query sees every key and SDPA can serve the call."""
        if self.backend != "auto":
            return self.backend == Sdpa.name
        short = not torch.compiler.is_compiling() and is_short(query.device.type, key.shape[2], query.shape[3])
        return not (short and torch.is_grad_enabled() and (query.requires_grad or key.requires_grad))

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        return weights(query, key, call, self._weighting(query, 0.0), rows)

    def scores(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        return scores(query, key, call, self._weighting(query, 0.0), rows)

    def plan(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Plan:
        request = self._request(query, key, value, call)
        if torch.compiler.is_compiling():  # Sizes may be symbols then, which do not hash.
            return choose(request, _IN_ORDER, self.backend)
        return _planned(request, self.backend)

    def extra_repr(self) -> str:
        return f"dropout={self.dropout}, backend={self.backend}"

    def _weighting(self, query: Tensor, dropout: float) -> Weighting:
        return Weighting(self._score(query), self.normaliser, dropout, self.chunk)

    def _score(self, query: Tensor) -> Score:
        return self.score if self.score is not None else _scaled_dot(query.shape[3])

    def _request(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Request:
        extent, form = call.extent, self.normaliser.fused()
        return Request(
            batch=extent.batch,
            heads=extent.heads,
            kv_heads=key.shape[1],
            queries=extent.queries,
            keys=extent.keys,
            head_dim=query.shape[3],
            start=extent.start,
            contiguous=extent.key_positions is None,
            dtype=query.dtype,
            device=query.device.type,
            dropout=self.training and self.dropout > 0,
            dot=self.score is None or isinstance(self.score, DotScore),
            softmax=form is not None,
            score="ScaledDot" if self.score is None else type(self.score).__name__,
            normaliser=type(self.normaliser).__name__,
            bias=call.bias is not None,
            pattern=Pattern.of(call.mask, extent),
            sink=form is not None and form.sink is not None,
            ramp=is_ramp(call, query.dtype),
            position="" if call.bias is None else type(call.bias.module).__name__,
            score_mod=has_score_mod(call.bias),
            capped=is_capped_dot(self.score),
            pair_width=1 if self.score is None else self.score.pair_width,
            grad=self._wants_gradient(query, key, value, call),
            traced=torch.compiler.is_compiling(),
        )

    def _wants_gradient(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> bool:
        if not torch.is_grad_enabled():
            return False
        if query.requires_grad or key.requires_grad or value.requires_grad:
            return True
        return bool(self._weighting(query, 0.0).parameters(call))


def _scaled_dot(head_dim: int) -> ScaledDot:
    """The default score, made once for each head width."""
    if head_dim not in _SCALED_DOT:
        _SCALED_DOT[head_dim] = ScaledDot(head_dim)
    return _SCALED_DOT[head_dim]


@lru_cache(maxsize=4096)
def _planned(request: Request, wanted: str) -> Plan:
    plan = choose(request, _IN_ORDER, wanted)
    fused = next(verdict for verdict in plan.verdicts if verdict.name == Sdpa.name)
    if plan.chosen == Eager.name and wanted == "auto" and not fused.possible:
        log_once(f"attention.backend=auto fell back to eager, which takes no fused kernel: {'; '.join(fused.reasons)}.")
    return plan
