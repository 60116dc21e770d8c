"""Rotary positions."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.base import RotaryPosition


@dataclass(frozen=True)
class _Turn:
    """Unit complex numbers (B or 1, 1, T, E / 2) that turn the features at some positions."""

    positions: Tensor
    factor: Tensor


class Rotary(RotaryPosition):
    """Rotary positions, RoPE (Su et al. 2021): pairs of features turn by angles proportional to the position.

    (x_2i, x_2i+1) -> (x_2i cos a - x_2i+1 sin a, x_2i+1 cos a + x_2i sin a),  a = p * base^(-2i / E)

    so that the product of a query at p and a key at r depends on p - r alone. There are no parameters. Neighbouring
    features are paired, as in the paper, which makes a turn one complex product: a quarter of the time of pairing
    i with i + E/2 (half-split, as in the Hugging Face Llama). The two differ only in the order of features: to read
    half-split weights, move row i of the first half to 2i and of the second to 2i + 1 in each head of the query and key
    projections.

    Angles are made in float32 (float64 for float64 features) from the positions given, any integers or reals. The last
    ones made on a CPU are kept, since queries, keys and all layers of a model share them.

    Args:
        head_dim: head width E, even.
        base: ratio that sets the longest wavelength, above 1.

    Shapes:
        `rotate`: x (B, H, T, E), positions (B or 1, T) -> (B, H, T, E).

    Raises:
        ConfigurationError: when `head_dim` is odd.
    """

    def __init__(self, head_dim: int, base: float = 10000.0) -> None:
        super().__init__()
        if head_dim % 2:
            must = "must be even, since features turn in pairs"
            raise ConfigurationError(Fault("Rotary.head_dim", must, str(head_dim)))
        self.head_dim = head_dim
        self.base = base
        self._last: _Turn | None = None

    def rotate(self, x: Tensor, positions: Tensor) -> Tensor:
        wide = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
        if torch.compiler.is_compiling():
            # Compilers do not generate code for complex numbers, but fuse the written-out form.
            return _turn_written_out(wide, self._angle(positions, wide.dtype)).to(x.dtype)
        turned = torch.view_as_complex(_pairs(wide)) * self._factor(positions, wide.dtype)
        return torch.view_as_real(turned).flatten(-2).to(x.dtype)

    def _angle(self, positions: Tensor, dtype: torch.dtype) -> Tensor:
        """Angles (B or 1, 1, T, E / 2)."""
        index = torch.arange(0, self.head_dim, 2, device=positions.device, dtype=dtype)
        return positions.to(dtype)[:, None, :, None] * (1.0 / self.base ** (index / self.head_dim))

    def _factor(self, positions: Tensor, dtype: torch.dtype) -> Tensor:
        # Comparing values is cheap on a CPU; on an accelerator it would wait.
        keeps = positions.device.type == "cpu" and not positions.requires_grad
        last = self._last
        if keeps and last is not None and _serves(last, positions, dtype):
            return last.factor
        angle = self._angle(positions, dtype)
        factor = torch.polar(torch.ones_like(angle), angle)
        if keeps:
            self._last = _Turn(positions.clone(), factor)
        return factor


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


def _turn_written_out(x: Tensor, angle: Tensor) -> Tensor:
    first, second = x[..., 0::2], x[..., 1::2]
    cos, sin = angle.cos(), angle.sin()
    return torch.stack((first * cos - second * sin, second * cos + first * sin), dim=-1).flatten(-2)
