"""Turning pairs of features, what rotary positions share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault


@dataclass(frozen=True)
class _Turn:
    """Complex numbers (B or 1, 1, T, E / 2) that turn the features at some positions."""

    positions: Tensor
    factor: Tensor


class Turns:
    """Turns neighbouring features (x_2i, x_2i+1) by an angle each, as one complex product.

    The last turn made on a CPU is kept, since queries, keys and all layers of a model share it.

    Args:
        size: factor on what was turned, above 0; 1 keeps norms.
    """

    def __init__(self, size: float = 1.0) -> None:
        self.size = size
        self._last: _Turn | None = None

    def apply(self, x: Tensor, positions: Tensor, angles: Callable[[Tensor, torch.dtype], Tensor]) -> Tensor:
        """Turn x (B, H, T, E).

        Args:
            x: (B, H, T, E), E even.
            positions: (B or 1, T) or (B or 1, T, C).
            angles: gives the angles (B or 1, 1, T, E / 2) in radians of positions, in a dtype; always the same ones.

        Raises:
            ConfigurationError: when the angles are made for features of another width.
        """
        wide = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
        if torch.compiler.is_compiling():
            # Compilers do not generate code for complex numbers, but fuse the written-out form.
            angle = angles(positions, wide.dtype)
            _check_width(x, angle)
            return self._written_out(wide, angle).to(x.dtype)
        factor = self._factor(positions, wide.dtype, angles)
        _check_width(x, factor)
        turned = torch.view_as_complex(_pairs(wide)) * factor
        return torch.view_as_real(turned).flatten(-2).to(x.dtype)

    def _factor(self, positions: Tensor, dtype: torch.dtype, angles: Callable[[Tensor, torch.dtype], Tensor]) -> Tensor:
        # Comparing values is cheap on a CPU; on an accelerator it would wait.
        keeps = positions.device.type == "cpu" and not positions.requires_grad
        last = self._last
        if keeps and last is not None and _serves(last, positions, dtype):
            return last.factor
        angle = angles(positions, dtype)
        factor = torch.polar(torch.full_like(angle, self.size), angle)
        if keeps:
            self._last = _Turn(positions.clone(), factor)
        return factor

    def _written_out(self, x: Tensor, angle: Tensor) -> Tensor:
        first, second = x[..., 0::2], x[..., 1::2]
        cos, sin = angle.cos() * self.size, angle.sin() * self.size
        return torch.stack((first * cos - second * sin, second * cos + first * sin), dim=-1).flatten(-2)


def _check_width(x: Tensor, angles: Tensor) -> None:
    """Hold features (..., E) against angles (..., E / 2), of which one would turn all pairs by broadcasting."""
    width = x.shape[-1]
    if width != 2 * angles.shape[-1]:
        must = f"must turn the features that a head has, {width}"
        works = f"Use head_dim={width} for it." if width % 2 == 0 else "Use heads of an even width."
        raise ConfigurationError(Fault("position (rotary)", must, str(2 * angles.shape[-1]), works))


def _serves(turn: _Turn, positions: Tensor, dtype: torch.dtype) -> bool:
    """Whether kept factors are those of `positions`; ones made in inference mode are of no use to autograd."""
    return (
        turn.factor.dtype.to_real() == dtype
        and turn.factor.is_inference() == torch.is_inference_mode_enabled()
        and turn.positions.dtype == positions.dtype
        and torch.equal(turn.positions, positions)
    )


def _pairs(x: Tensor) -> Tensor:
    """x (B, H, T, E) as (B, H, T, E / 2, 2), copied only where its layout cannot be read as complex numbers."""
    *outer, inner = x.stride()
    if inner != 1 or x.storage_offset() % 2 or any(stride % 2 for stride in outer):
        x = x.clone(memory_format=torch.contiguous_format)
    return x.view(*x.shape[:-1], x.shape[-1] // 2, 2)
