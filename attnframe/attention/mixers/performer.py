"""Performer attention: random features in place of the exponential."""

from __future__ import annotations

import math
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixers.kernel import KernelMixer
from attnframe.attention.mixers.shortcut import as_wide
from attnframe.errors import ConfigurationError, Fault

_LARGEST_EXPONENT: Final = 60.0
"""Bound of the exponents of key features, on both sides: sums of any length, and their inverses, stay finite in
float32. Without it a key that is far longer than all others would lose every feature to underflow."""


class PerformerMixer(KernelMixer):
    """Softmax attention in the mean over positive orthogonal random features, FAVOR+ (Choromanski et al. 2021,
    https://arxiv.org/abs/2009.14794).

    phi(x)_r = exp(<w_r, x'> - |x'|^2 / 2),  x' = x / E^(1/4),  r = 1..R
    mean over w of <phi(q), phi(k)> / R = exp(<q, k> / sqrt(E))

    The weights of visible keys are positive and sum to one. The vectors w are drawn when the mixer is made, in
    orthogonal blocks with the lengths of normal vectors, from torch's global random numbers; they are a buffer, so a
    saved layer keeps them, and only `redraw` changes them. Queries are stabilised by a factor of their own, which
    cancels. Key features have none, since a factor that depends on other keys would let the future and padding
    in through rounding; their exponents are held to [-60, 60] instead.

    Args:
        head_dim: head width E.
        num_features: random features R of a head, at least 1; None for E ln E, rounded up.
        chunk: tokens among which pairs are formed in a causal call, at least 1; None chooses. It changes no result.

    Attributes:
        directions: (R, E) the vectors w, shared by all heads.

    Shapes: query (B, H, T, E), key (B, K, S, E), value (B, K, S, V) to (B, H, T, V).

    Raises:
        ConfigurationError: when `num_features` or `chunk` is below 1.
    """

    directions: Tensor

    def __init__(self, head_dim: int, num_features: int | None = None, chunk: int | None = None) -> None:
        super().__init__(chunk)
        if num_features is None:
            num_features = max(1, math.ceil(head_dim * math.log(head_dim)))
        if num_features < 1:
            raise ConfigurationError(Fault("num_features (PerformerMixer)", "must be at least 1", str(num_features)))
        self.register_buffer("directions", torch.empty(num_features, head_dim))
        self.redraw()

    @torch.no_grad()
    def redraw(self, generator: torch.Generator | None = None) -> None:
        """Draw the random vectors anew.

        Args:
            generator: on the CPU; None for torch's global random numbers.
        """
        features, width = self.directions.shape
        square = torch.randn(math.ceil(features / width), width, width, generator=generator)
        orthogonal, upper = torch.linalg.qr(square)
        # With the signs of R's diagonal every orthogonal matrix is equally likely, so every row every direction.
        orthogonal = orthogonal * upper.diagonal(dim1=-2, dim2=-1).sign().unsqueeze(-2)
        lengths = torch.randn(features, width, generator=generator).norm(dim=1, keepdim=True)
        self.directions.copy_(orthogonal.mT.flatten(0, 1)[:features] * lengths)

    def feature_dim(self, head_dim: int) -> int:
        return self.directions.shape[0]

    def query_features(self, query: Tensor, positions: Tensor) -> Tensor:
        # |x|^2 is a factor of the query's own, and so is the largest feature.
        exponents = self._along(_scaled(query))
        return torch.exp(exponents - exponents.detach().amax(dim=-1, keepdim=True))

    def key_features(self, key: Tensor, positions: Tensor) -> Tensor:
        scaled = _scaled(key)
        exponents = self._along(scaled) - scaled.square().sum(dim=-1, keepdim=True) / 2
        return torch.exp(F.hardtanh(exponents, -_LARGEST_EXPONENT, _LARGEST_EXPONENT))

    def _along(self, x: Tensor) -> Tensor:
        """<w_r, x> of x (..., E), (..., R)."""
        return x @ self.directions.to(x.dtype).T

    def extra_repr(self) -> str:
        return f"num_features={self.directions.shape[0]}"


def _scaled(x: Tensor) -> Tensor:
    """x' = x / E^(1/4), in float32 at least."""
    wide: Tensor = as_wide(x) * x.shape[-1] ** -0.25
    return wide
