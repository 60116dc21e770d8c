"""Linear attention."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.backends.base import Weighting
from attnframe.attention.cache import RecurrentCache
from attnframe.attention.mixers.shortcut import ShortcutMixer, as_wide
from attnframe.attention.normalisers.base import Normaliser, segment_sum, widened
from attnframe.attention.scores import DotScore
from attnframe.errors import ConfigurationError, Fault

_SMALLEST_TOTAL = 1e-30
"""Denominators are held above it; sums of weights that small have underflowed."""


class LinearMixer(ShortcutMixer):
    """Linear attention (Katharopoulos et al. 2020, https://arxiv.org/abs/2006.16236).

    out_i = phi(q_i)^T (sum_j phi(k_j) v_j^T) / phi(q_i)^T (sum_j phi(k_j)),  phi(x) = elu(x) + 1

    over the visible keys j. Full attention shares two sums; causal attention carries them from chunk to chunk and is
    quadratic within one; a decoding step updates them. All three, and the quadratic form with weights phi(q_i)^T
    phi(k_j) / sum_j, agree. Sums are kept in float32 at least.

    Args:
        chunk: tokens in a chunk of the causal form, at least 1; it changes no result.

    Raises:
        ConfigurationError: when `chunk` is below 1.
    """

    def __init__(self, chunk: int = 64) -> None:
        super().__init__()
        if chunk < 1:
            raise ConfigurationError(Fault("chunk (LinearMixer)", "must be at least 1", str(chunk)))
        self.chunk = chunk

    def weighting(self) -> Weighting:
        return _WEIGHTING

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
        batch, heads, queries, _ = query.shape
        mapped_query, mapped_key, wide = query_feature(as_wide(query)), feature(as_wide(key)), as_wide(value)
        if valid is not None:
            hidden = ~valid[:, None, :, None]
            mapped_key, wide = mapped_key.masked_fill(hidden, 0.0), wide.masked_fill(hidden, 0.0)
        # A column of ones carries the denominator through the same products.
        wide = F.pad(wide, (0, 1), value=1.0)
        grouped = mapped_query.reshape(batch, key.shape[1], -1, queries, query.shape[3])  # (B, K, H / K, T, E)
        if causal:
            sums = self._causal(grouped, mapped_key, wide, state)
        else:
            sums = grouped @ (mapped_key.transpose(-1, -2) @ wide).unsqueeze(2)
        sums = sums.reshape(batch, heads, queries, -1)
        return (sums[..., :-1] / _above_zero(sums[..., -1:])).to(value.dtype)

    def _causal(self, query: Tensor, key: Tensor, value: Tensor, state: RecurrentCache | None) -> Tensor:
        """Sums (B, K, G, T, E + 1) over the keys up to each query: those of earlier chunks at once, those of its own
        one by one.
        """
        length = query.shape[3]
        size = min(self.chunk, length)
        tail = -length % size
        query, key, value = (_in_chunks(x, size, tail) for x in (query, key, value))
        own = key.transpose(-1, -2) @ value  # (B, K, chunks, E, E + 1)
        before = state.state.get("sums") if state is not None else None
        first = torch.zeros_like(own[:, :, :1]) if before is None else before.unsqueeze(2)
        carried = torch.cat([first, own], dim=2).cumsum(dim=2)
        if state is not None:
            state.write(sums=carried[:, :, -1])
        # The only quadratic product: (B, K, G, chunks, size, size).
        within = (query @ key.unsqueeze(2).transpose(-1, -2)).tril()
        sums = query @ carried[:, :, :-1].unsqueeze(2) + within @ value.unsqueeze(2)
        return sums.flatten(3, 4)[:, :, :, :length]


def _in_chunks(x: Tensor, size: int, tail: int) -> Tensor:
    """(..., T, E) as (..., chunks, size, E), filled up with `tail` rows of zeros."""
    padded = F.pad(x, (0, 0, 0, tail))
    return padded.reshape(*x.shape[:-2], -1, size, x.shape[-1])


def feature(x: Tensor) -> Tensor:
    """elu(x) + 1, above 0; the exponential is taken as such, because expm1 plus 1 is 0 from x = -17 on in float32."""
    return F.relu(x) + torch.exp(x.clamp(max=0.0))


def query_feature(x: Tensor) -> Tensor:
    """`feature` over its largest entry, which cancels in the weights and keeps large logits from underflowing."""
    top = x.detach().amax(dim=-1, keepdim=True)
    small = torch.exp((x - top.clamp(max=0.0)).clamp(max=0.0))
    return torch.where(x > 0, x + 1, small) / (1 + F.relu(top))


def _above_zero(total: Tensor) -> Tensor:
    """A denominator: 0 / 0 is 0 where nothing is visible, and the quotient's gradient stays finite."""
    return total.clamp(min=_SMALLEST_TOTAL)


class _FeatureDot(DotScore):
    """phi(q)^T phi(k)."""

    scale = 1.0

    def map_query(self, query: Tensor) -> Tensor:
        return query_feature(as_wide(query))

    def map_key(self, key: Tensor) -> Tensor:
        return feature(as_wide(key))


class _Proportional(Normaliser):
    """Weights proportional to positive scores."""

    rows_sum_to_one: ClassVar[bool] = True

    def dense(self, scores: Tensor, allowed: Tensor | None) -> Tensor:
        wide = widened(scores)
        kept = wide if allowed is None else wide.masked_fill(~allowed, 0.0)
        return (kept / _above_zero(kept.sum(dim=-1, keepdim=True))).to(scores.dtype)

    def segments(self, scores: Tensor, index: Tensor, num_segments: int) -> Tensor:
        wide = widened(scores)
        return (wide / _above_zero(segment_sum(wide, index, num_segments))[index]).to(scores.dtype)


_WEIGHTING = Weighting(_FeatureDot(), _Proportional())
