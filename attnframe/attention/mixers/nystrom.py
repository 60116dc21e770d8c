"""Nyström attention: softmax attention through landmarks."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attnframe.attention.mixer import Call, Mixer, share_heads
from attnframe.attention.mixers.landmarks import Segments
from attnframe.attention.mixers.real_first import Moved, real_first
from attnframe.attention.mixers.shortcut import as_wide, full_precision
from attnframe.attention.mixers.softmax import SoftmaxMixer
from attnframe.attention.normalisers import Softmax
from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Extent, Full, Padding, terms


class NystromMixer(Mixer):
    """Nyström attention (Xiong et al. 2021, https://arxiv.org/abs/2102.03902): softmax attention, rebuilt from its
    weights at some landmarks.

    out = softmax(Q K~^T) pinv(softmax(Q~ K~^T)) softmax(Q~ K^T) V + conv(V),  scores over sqrt(E)

    Q~ and K~ are the means of M segments of queries and keys: the real tokens, cut as evenly as can be with the
    longer segments first. A row of no more than M real tokens has each as a landmark and gets softmax attention
    exactly. The pseudo-inverse is iterative, after Razavi et al. 2014: a step takes Z to
    Z (13 I - AZ (15 I - AZ (7 I - AZ))) / 4, from Z = A^T / (|A|_1 |A|_inf). The convolution runs along the real
    tokens, one filter a head. The landmarks see all tokens, so there is no causal form, no other mask than padding and
    no cross attention, whose queries' padding is not known.

    Args:
        num_heads: heads H.
        num_landmarks: segments M, at least 1.
        iterations: steps of the pseudo-inverse, at least 1.
        kernel_size: width of the convolution, odd; None for no convolution.

    Shapes: query (B, H, T, E), key (B, K, T, E), value (B, K, T, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when an argument is below 1 or `kernel_size` is even.
    """

    takes_bias = False

    def __init__(self, num_heads: int, num_landmarks: int, iterations: int = 6, kernel_size: int | None = None) -> None:
        super().__init__()
        sizes = {"num_landmarks": num_landmarks, "iterations": iterations}
        found = [Fault(f"{name} (NystromMixer)", "must be at least 1", str(n)) for name, n in sizes.items() if n < 1]
        if kernel_size is not None and (kernel_size < 1 or kernel_size % 2 == 0):
            found.append(Fault("kernel_size (NystromMixer)", "must be odd, or None", str(kernel_size)))
        if found:
            raise ConfigurationError(found)
        self.num_landmarks, self.iterations, self.kernel_size = num_landmarks, iterations, kernel_size
        self.attend = SoftmaxMixer()
        self.filters = None if kernel_size is None else nn.Parameter(torch.empty(num_heads, kernel_size))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the filters of the convolution as torch draws those of a convolution."""
        if self.filters is not None:
            bound = self.filters.shape[1] ** -0.5
            nn.init.uniform_(self.filters, -bound, bound)

    def forward(self, query: Tensor, key: Tensor, value: Tensor, call: Call) -> Tensor:
        self._check(call)
        key, value, moved = share_heads(query, key), share_heads(query, value), real_first(call)
        values = moved.forth(value)
        if moved.real is not None:
            values = values.masked_fill(~moved.real[:, None, :, None], 0.0)
        if query.shape[2] <= self.num_landmarks:
            out: Tensor = self.attend(query, key, value, call)
        else:
            keys, marks = moved.forth(key), self._landmarks(query, key, moved)
            read = self.attend(marks.query, keys, values, _over(marks.query, keys, moved.real))
            core = marks.rebuilt(read, values if moved.real is not None else None).to(value.dtype)
            out = self.attend(query, marks.key, core, _over(query, marks.key, marks.filled))
        return out if self.filters is None else out + moved.back(_convolved(values, self.filters))

    def weights(self, query: Tensor, key: Tensor, call: Call, rows: slice) -> Tensor:
        """What each value counts for in an output, (B, H, rows, S), the convolution included; it may be negative."""
        self._check(call)
        key, moved = share_heads(query, key), real_first(call)
        if query.shape[2] <= self.num_landmarks:
            weights = self.attend.weights(query, key, call, rows)
        else:
            keys, marks, every = moved.forth(key), self._landmarks(query, key, moved), slice(None)
            read = self.attend.weights(marks.query, keys, _over(marks.query, keys, moved.real), every)
            itself = None
            if moved.real is not None:
                itself = torch.eye(read.shape[3], dtype=read.dtype, device=read.device).expand(len(read), 1, -1, -1)
            core = moved.back(marks.rebuilt(read, itself).mT).mT
            picked = query[:, :, rows]
            weights = self.attend.weights(picked, marks.key, _over(picked, marks.key, marks.filled), every)
            weights = weights @ core.to(weights.dtype)
        if self.filters is None:
            return weights
        return weights + _band(self.filters.to(weights.dtype), query.shape[2], moved, rows)

    def extra_repr(self) -> str:
        return f"num_landmarks={self.num_landmarks}, iterations={self.iterations}, kernel_size={self.kernel_size}"

    def _check(self, call: Call) -> None:
        works = "Use attention=mha or attention=linear."
        other = dict.fromkeys(type(term).__name__ for term in terms(call.mask) if not isinstance(term, Padding))
        if other:
            reason = f"takes landmarks from all tokens, so it serves no {' or '.join(other)} mask"
            raise self.refusal(reason, works)
        if call.cross:
            raise self.refusal("takes landmarks from queries too, whose padding is not told in cross attention", works)

    def _landmarks(self, query: Tensor, key: Tensor, moved: Moved) -> _Landmarks:
        segments = Segments(query.shape[2], self.num_landmarks, moved.lengths)
        near, far = segments.means(moved.forth(query)), segments.means(moved.forth(key))
        filled = None if moved.lengths is None else segments.filled
        seen = None if filled is None else (filled.unsqueeze(-1) & filled.unsqueeze(-2)).unsqueeze(1)
        with full_precision(query.device):
            scores = as_wide(near) @ as_wide(far).mT * query.shape[3] ** -0.5
            inverse = pseudo_inverse(_SOFTMAX.dense(scores, seen), self.iterations)
        return _Landmarks(segments, near, far, inverse, filled)


@dataclass(frozen=True)
class _Landmarks:
    """Landmarks of one call.

    Args:
        segments: what they are means of.
        query: (B, H, M, E). key: (B, H, M, E).
        inverse: (B, H, M, M) pseudo-inverse of the softmax weights between them, in float32 at least.
        filled: (B, M) True for landmarks of some tokens; None when all are.
    """

    segments: Segments
    query: Tensor
    key: Tensor
    inverse: Tensor
    filled: Tensor | None

    def rebuilt(self, read: Tensor, values: Tensor | None) -> Tensor:
        """What each landmark hands on, (B, H, M, V).

        Args:
            read: (B, H, M, V) what landmark queries read of the values.
            values: (B, H or 1, T, V) when rows may be so short that each token is a landmark and hands on its value.
        """
        with full_precision(read.device):
            handed = self.inverse @ as_wide(read)
        if values is None:
            return handed
        assert self.segments.lengths is not None
        short = (self.segments.lengths <= self.segments.count)[:, None, None, None]
        return torch.where(short, as_wide(self.segments.means(values)), handed)


def pseudo_inverse(matrix: Tensor, iterations: int) -> Tensor:
    """The Moore-Penrose inverse of matrices (..., M, M), approached in steps; 0 for a matrix of zeros."""
    size = matrix.abs()
    largest = size.sum(dim=-1).amax(dim=-1) * size.sum(dim=-2).amax(dim=-1)
    tiny = torch.finfo(matrix.dtype).tiny
    found = matrix.mT / largest.clamp(min=tiny)[..., None, None]
    one = torch.eye(matrix.shape[-1], dtype=matrix.dtype, device=matrix.device)
    for _ in range(iterations):
        product = matrix @ found
        found = found @ (13 * one - product @ (15 * one - product @ (7 * one - product))) / 4
    return found


def _convolved(values: Tensor, filters: Tensor) -> Tensor:
    """Values (B, H, T, V) convolved along T with a filter (H, size) for each head."""
    size = filters.shape[1]
    kernel = filters.view(-1, 1, size, 1).to(values.dtype)
    return F.conv2d(values, kernel, padding=(size // 2, 0), groups=len(filters))


def _band(filters: Tensor, length: int, moved: Moved, rows: slice) -> Tensor:
    """The convolution as a matrix (B or 1, H, rows, T)."""
    place = torch.arange(length, device=filters.device).unsqueeze(0) if moved.place is None else moved.place
    offset = place.unsqueeze(1) - place[:, rows].unsqueeze(2) + filters.shape[1] // 2  # (B or 1, rows, T)
    inside = (offset >= 0) & (offset < filters.shape[1])
    if moved.lengths is not None:
        inside = inside & (place < moved.lengths.unsqueeze(-1)).unsqueeze(1)
    picked = filters[:, offset.clamp(0, filters.shape[1] - 1)].transpose(0, 1)
    return picked * inside.unsqueeze(1)


def _over(query: Tensor, key: Tensor, valid: Tensor | None) -> Call:
    """A call of queries over keys of which some may be hidden."""
    batch, heads, queries, _ = query.shape
    mask = Full() if valid is None else Padding(valid)
    return Call(mask, Extent(batch, heads, queries, key.shape[2], device=query.device))


_SOFTMAX = Softmax()
