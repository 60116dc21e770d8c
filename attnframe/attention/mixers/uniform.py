"""Uniform weights: the control."""

from __future__ import annotations

from torch import Tensor

from attnframe.attention.backends.base import Weighting
from attnframe.attention.mixer import Call, share_heads
from attnframe.attention.mixers.shortcut import ShortcutMixer, as_wide, is_causal, state_of, valid_keys
from attnframe.attention.normalisers import Softmax
from attnframe.attention.scores import DotScore


class UniformMixer(ShortcutMixer):
    """The mean of the visible values: what attention is without attending. Queries and keys are not read, and not
    projected. No paper: the control.

    out_i = sum_j v_j / n_i over the n_i keys j that query i may see

    Full attention is one mean, causal attention a cumulative mean, padding a masked mean, an edge list a mean over
    incoming edges. Sums are kept in float32 at least.
    """

    reads_queries_and_keys = False

    def weighting(self) -> Weighting:
        return _WEIGHTING

    def shared(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        valid, state = valid_keys(call), state_of(call)
        wide = as_wide(value)
        counted = wide.new_ones(1, 1, value.shape[2], 1)
        if valid is not None:
            shown = valid[:, None, :, None]
            wide, counted = wide.masked_fill(~shown, 0.0), counted * shown
        if is_causal(call):
            total, count = wide.cumsum(dim=2), counted.cumsum(dim=2)
        else:
            total, count = wide.sum(dim=2, keepdim=True), counted.sum(dim=2, keepdim=True)
        if state is not None:
            if state.state:
                total, count = total + state.state["total"], count + state.state["count"]
            state.write(total=total[:, :, -1:], count=count[:, :, -1:].expand(value.shape[0], -1, -1, -1))
        mean = (total / count.clamp(min=1.0)).to(value.dtype)
        return share_heads(query, mean).expand(-1, -1, query.shape[2], -1)


class _Zero(DotScore):
    """The same score, 0, for every pair: a product over no features."""

    scale = 1.0

    def map_query(self, query: Tensor) -> Tensor:
        return query[..., :0]

    def map_key(self, key: Tensor) -> Tensor:
        return key[..., :0]


_WEIGHTING = Weighting(_Zero(), Softmax())
