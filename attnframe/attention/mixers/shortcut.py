"""Mixers whose sums over keys are shared by all queries, where the mask lets them."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import AbstractContextManager, nullcontext

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
    def shared(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        """The O(T + S) form, of a call that is full, causal (then T = S) or padded; `is_causal`, `valid_keys` and
        `state_of` say which.

        Args:
            query: (B, H, T, E). key: (B, K, S, E). value: (B, K, S, V). call: everything else.

        Returns:
            (B, H, T, V).
        """

    def check(self, call: Call) -> None:
        """Hold a call against what no form of the mixer can serve; by default every one can be.

        Raises:
            UnsupportedError: with what would work.
        """
        return

    def mapped(self, query: Tensor, key: Tensor, call: Call) -> tuple[Tensor, Tensor]:
        """Queries (B, H, T, F) and keys (B, K, S, F) as `weighting` compares them; by default as they are."""
        return query, key

    @abstractmethod
    def weighting(self) -> Weighting:
        """Score and normaliser that define the weights."""

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        self.check(call)
        reasons = self._why_not_shared(call)
        if not reasons:
            return self.shared(query, key, value, call)
        if state_of(call) is not None:
            works = "Decode without a cache, or with attention=mha."
            raise self.refusal(f"cannot decode with a recurrent state, because {'; '.join(reasons)}", works)
        query, key = self.mapped(query, key, call)
        if has_edges(call):
            return EdgeList().attend(query, key, value, call, self.weighting())
        log_once(f"{type(self).__name__} takes time quadratic in the length, because {'; '.join(reasons)}.")
        return Eager().attend(query, key, value, call, self.weighting())

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        self.check(call)
        if state_of(call) is not None:
            raise self.refusal("holds no past keys to show weights of", "Capture without a cache.")
        query, key = self.mapped(query, key, call)
        return weights(query, key, call, self.weighting(), rows)

    def new_cache(self, batch: int, max_length: int | None) -> Cache:
        return RecurrentCache(batch)

    def plan(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Plan:
        self.check(call)
        shared, edges = self._why_not_shared(call), has_edges(call)
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
        extent = call.extent
        same = extent.queries == extent.keys and extent.key_positions is None and extent.start == 0
        if is_causal(call) and not same and state_of(call) is None:
            reasons.append("queries and keys of a causal call are not the same stretch of one sequence")
        return reasons


def is_causal(call: Call) -> bool:
    """Whether a term of the mask is causal."""
    return any(isinstance(term, Causal) for term in terms(call.mask))


def state_of(call: Call) -> RecurrentCache | None:
    """The sums over the tokens before these, to read and write; None for none."""
    return call.state if isinstance(call.state, RecurrentCache) else None


def valid_keys(call: Call) -> Tensor | None:
    """(B or 1, S or 1) True for real keys; None when all are."""
    padding = key_padding(call.mask)
    if padding is None:
        return None
    positions = call.extent.key_positions
    return padding.valid if positions is None or padding.valid.shape[1] == 1 else padding.valid[:, positions]


def has_edges(call: Call) -> bool:
    """Whether a term of the mask is an edge list."""
    return any(isinstance(term, Edges) for term in terms(call.mask))


def as_wide(x: Tensor) -> Tensor:
    """x in a type that sums over long sequences keep their precision in."""
    return x.float() if x.dtype in (torch.float16, torch.bfloat16) else x


def full_precision(device: torch.device) -> AbstractContextManager[None]:
    """Autocast switched off, where it is on."""
    if torch.amp.autocast_mode.is_autocast_available(device.type) and torch.is_autocast_enabled(device.type):
        return torch.autocast(device.type, enabled=False)
    return nullcontext()
