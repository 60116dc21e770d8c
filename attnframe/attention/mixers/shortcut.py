"""Mixers whose sums over keys are shared by all queries, where the mask lets them."""

from __future__ import annotations

from abc import abstractmethod

import torch
from torch import Tensor

from attnframe.attention.backends.base import Weighting
from attnframe.attention.backends.eager import Eager, weights
from attnframe.attention.backends.edges import EdgeList
from attnframe.attention.cache import Cache, RecurrentCache
from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.plan import Plan, Verdict, log_once
from attnframe.masks import Causal, Edges, Padding, key_padding, terms


class ShortcutMixer(Mixer):
    """A mixer that is a weighted mean with positive weights, and has a form whose time grows with T + S.

    The shared sums serve full, causal and padded attention. Over an edge list it sums over edges. Any other mask
    takes the quadratic form with the same weights, in query chunks; that is said in the plan and logged once.
    """

    takes_bias = False

    @abstractmethod
    def shared(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        *,
        causal: bool,
        valid: Tensor | None,
        state: RecurrentCache | None,
    ) -> Tensor:
        """The O(T + S) form.

        Args:
            query: (B, H, T, E). key: (B, K, S, E). value: (B, K, S, E).
            causal: whether query i sees the keys 0..i only; then T = S.
            valid: (B or 1, S) True for real keys, or None when all are.
            state: sums over the tokens before these, to read and write; None for none.

        Returns:
            (B, H, T, E).
        """

    @abstractmethod
    def weighting(self) -> Weighting:
        """Score and normaliser that define the weights."""

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        reasons = self._why_not_shared(call)
        if not reasons:
            causal = any(isinstance(term, Causal) for term in terms(call.mask))
            state = call.state if isinstance(call.state, RecurrentCache) else None
            return self.shared(query, key, value, causal=causal, valid=_valid(call), state=state)
        if isinstance(call.state, RecurrentCache):
            works = "Decode without a cache, or with attention=mha."
            raise self.refusal(f"cannot decode with a recurrent state, because {'; '.join(reasons)}", works)
        if _edges(call):
            return EdgeList().attend(query, key, value, call, self.weighting())
        log_once(f"{type(self).__name__} takes time quadratic in the length, because {'; '.join(reasons)}.")
        return Eager().attend(query, key, value, call, self.weighting())

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        if isinstance(call.state, RecurrentCache):
            raise self.refusal("holds no past keys to show weights of", "Capture without a cache.")
        return weights(query, key, call, self.weighting(), rows)

    def new_cache(self, batch: int, max_length: int | None) -> Cache:
        return RecurrentCache(batch)

    def plan(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Plan:
        shared, edges = self._why_not_shared(call), _edges(call)
        chosen = "eager" if shared and not edges else "edges" if shared else "shared sums"
        no_list = () if edges else ("the mask is no conjunction with an Edges term",)
        return Plan(
            chosen,
            (
                Verdict("shared sums", tuple(shared), not shared),
                Verdict("edges", no_list, edges),
                Verdict("eager", () if chosen == "eager" else (f"{chosen} is preferred",)),
            ),
        )

    def _why_not_shared(self, call: Call) -> list[str]:
        """Why sums cannot be shared by all queries; empty when they can."""
        every = terms(call.mask)
        hard = dict.fromkeys(type(term).__name__ for term in every if not isinstance(term, Causal | Padding))
        reasons = [f"a {name} mask gives each query keys of its own" for name in hard]
        causal = any(isinstance(term, Causal) for term in every)
        extent = call.extent
        same = extent.queries == extent.keys and extent.key_positions is None and extent.start == 0
        if causal and not same and not isinstance(call.state, RecurrentCache):
            reasons.append("queries and keys of a causal call are not the same stretch of one sequence")
        return reasons


def _edges(call: Call) -> bool:
    return any(isinstance(term, Edges) for term in terms(call.mask))


def _valid(call: Call) -> Tensor | None:
    padding = key_padding(call.mask)
    if padding is None:
        return None
    positions = call.extent.key_positions
    return padding.valid if positions is None or padding.valid.shape[1] == 1 else padding.valid[:, positions]


def as_wide(x: Tensor) -> Tensor:
    """x in a type that sums over long sequences keep their precision in."""
    return x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
