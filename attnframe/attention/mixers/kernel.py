"""Mixers whose weights are products of features: kernel attention."""

from __future__ import annotations

from abc import abstractmethod
from typing import Final

import torch
from torch import Tensor

from attnframe.attention.backends.base import Weighting
from attnframe.attention.mixer import Call
from attnframe.attention.mixers.kernel_means import Features, Kernel, Part, kernel_means, shares_of
from attnframe.attention.mixers.shortcut import ShortcutMixer, is_causal, state_of, valid_keys
from attnframe.attention.normalisers.base import Normaliser, segment_sum, widened
from attnframe.attention.scores import Dot
from attnframe.errors import ConfigurationError, Fault

CHUNK: Final = 64
"""Tokens among which pairs are formed in a causal call: they cost no more than the sums."""
ROWS: Final = 1024
"""Most tokens in a block on a CPU."""
BLOCK: Final = 2**17
"""Numbers in the features of a block on a CPU, about, for each thread: they stay in its cache."""
WHOLE: Final = 2**21
"""Features of up to so many numbers are one block on a CPU: not to make them anew for the gradient saves more than
staying in the cache."""
ON_ACCELERATOR: Final = 32
"""How many times as many tokens are in a block elsewhere, where few large products are faster."""


class KernelMixer(ShortcutMixer):
    """Base of mixers whose weights are proportional to products of features that are at least 0.

    out_i = sum_j <phi(q_i), psi(k_j)> v_j / sum_j <phi(q_i), psi(k_j)>  over the visible keys j

    Full attention shares two sums; causal attention carries them from block to block and forms pairs within one only; a
    decoding step updates them. All of these, and the quadratic form, agree. Sums are kept in float32 at least. A query
    whose weights are all 0 gets 0.

    Args:
        chunk: tokens among which pairs are formed in a causal call, at least 1; None chooses. It changes no result.

    Shapes: query (B, H, T, E), key (B, K, S, E), value (B, K, S, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when `chunk` is below 1.
    """

    def __init__(self, chunk: int | None = None) -> None:
        super().__init__()
        if chunk is not None and chunk < 1:
            raise ConfigurationError(Fault(f"chunk ({type(self).__name__})", "must be at least 1", str(chunk)))
        self.chunk = chunk

    @abstractmethod
    def query_features(self, query: Tensor, positions: Tensor) -> Tensor:
        """phi: query (B, H, T, E) at positions (T,) to (B, H, T, F), in float32 at least. A factor of its own for each
        query changes nothing.
        """

    @abstractmethod
    def key_features(self, key: Tensor, positions: Tensor) -> Tensor:
        """psi: key (B, K, S, E) at positions (S,) to (B, K, S, F), in float32 at least."""

    @abstractmethod
    def feature_dim(self, head_dim: int) -> int:
        """F, for a head of width E."""

    def shared(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        of_queries, of_keys = _positions(call)
        valid, state = valid_keys(call), state_of(call)
        hidden = None if valid is None else ~valid.expand(len(key), key.shape[2])[:, None, :, None]

        def query_features(query: Tensor, part: Part) -> Tensor:
            return self.query_features(query, of_queries[part.rows])

        def key_features(key: Tensor, part: Part) -> Tensor:
            features = self.key_features(key, of_keys[part.rows])
            return features if hidden is None else features.masked_fill(part.of(hidden), 0.0)

        if hidden is not None:
            value = value.masked_fill(hidden, 0.0)
        kernel = self._kernel(query_features, key_features, query, max(query.shape[2], key.shape[2]))
        before = state.state.get("sums") if state is not None else None
        out, sums = kernel_means(query, key, value, kernel, causal=is_causal(call), sums=before)
        if state is not None:
            state.write(sums=sums)
        return out

    def mapped(self, query: Tensor, key: Tensor, call: Call) -> tuple[Tensor, Tensor]:
        of_queries, of_keys = _positions(call)
        return self.query_features(query, of_queries), self.key_features(key, of_keys)

    def weighting(self) -> Weighting:
        return _WEIGHTING

    def extra_repr(self) -> str:
        return "" if self.chunk is None else f"chunk={self.chunk}"

    def _kernel(self, query_features: Features, key_features: Features, query: Tensor, length: int) -> Kernel:
        """The kernel for calls of so many queries or keys at most."""
        chunk = self.chunk or CHUNK
        if query.device.type != "cpu" or torch.compiler.is_compiling():
            return Kernel(query_features, key_features, chunk, ON_ACCELERATOR * ROWS)
        numbers = max(1, query.shape[1] * self.feature_dim(query.shape[3]))  # of a token
        if self.chunk is None and len(query) * length * numbers <= WHOLE:
            return Kernel(query_features, key_features, chunk, max(chunk, length))
        room = BLOCK * torch.get_num_threads() // numbers  # in tokens
        rows = max(chunk, min(ROWS, room))
        return Kernel(query_features, key_features, chunk, rows, max(1, room // max(1, min(rows, length))))


def _positions(call: Call) -> tuple[Tensor, Tensor]:
    """Positions (T,) of the queries and (S,) of the keys."""
    extent = call.extent
    of_queries = torch.arange(extent.start, extent.start + extent.queries, device=extent.device)
    of_keys = extent.key_positions
    return of_queries, torch.arange(extent.keys, device=extent.device) if of_keys is None else of_keys


class _Proportional(Normaliser):
    """Weights proportional to scores that are at least 0."""

    rows_sum_to_one = True

    def dense(self, scores: Tensor, allowed: Tensor | None) -> Tensor:
        wide = widened(scores)
        kept = wide if allowed is None else wide.masked_fill(~allowed, 0.0)
        return shares_of(kept, kept.sum(dim=-1, keepdim=True)).to(scores.dtype)

    def segments(self, scores: Tensor, index: Tensor, num_segments: int) -> Tensor:
        wide = widened(scores)
        return shares_of(wide, segment_sum(wide, index, num_segments)[index]).to(scores.dtype)


_WEIGHTING = Weighting(Dot(), _Proportional())
