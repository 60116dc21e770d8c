"""Rotary positions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.base import RotaryPosition


@dataclass(frozen=True)
class _Turn:
    """Cosines and sines (B or 1, 1, T, E / 2) of some positions."""

    positions: Tensor
    cos: Tensor
    sin: Tensor


class Rotary(RotaryPosition):
    """Rotary positions, RoPE (Su et al. 2021): pairs of features are turned by angles proportional to the position. No
    parameters.

    (x_i, x_{i + E/2}) -> (x_i cos a - x_{i + E/2} sin a, x_{i + E/2} cos a + x_i sin a),  a = p * base^(-2i / E)

    so that the product of a query at p and a key at r depends on p - r alone. Feature i is paired with i + E/2
    (half-split, the convention of Llama and GPT-NeoX); the paper pairs 2i with 2i + 1, which is the same up to the
    order of features.

    Angles are made in float32 (float64 for float64 features) from the positions given, which may be any integers or
    reals. The last ones made on a CPU are kept, since queries, keys and all layers of a model share them.

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
            raise ConfigurationError(
                Fault("Rotary.head_dim", "must be even, since features turn in pairs", str(head_dim))
            )
        self.head_dim = head_dim
        self.base = base
        self._last: _Turn | None = None

    def rotate(self, x: Tensor, positions: Tensor) -> Tensor:
        half = x.dtype in (torch.float16, torch.bfloat16)
        dtype = torch.float32 if half else x.dtype
        turn = self._turn(positions, dtype)
        first, second = x.to(dtype).chunk(2, dim=-1)
        turned = torch.cat(
            (
                torch.addcmul(first * turn.cos, second, turn.sin, value=-1),
                torch.addcmul(second * turn.cos, first, turn.sin),
            ),
            dim=-1,
        )
        return turned.to(x.dtype)

    def _turn(self, positions: Tensor, dtype: torch.dtype) -> _Turn:
        # Comparing values is cheap on a CPU; on an accelerator it would wait, and a compiler shares the work by itself.
        keeps = positions.device.type == "cpu" and not positions.requires_grad and not torch.compiler.is_compiling()
        last = self._last
        if keeps and last is not None and _serves(last, positions, dtype):
            return last
        index = torch.arange(0, self.head_dim, 2, device=positions.device, dtype=dtype)
        frequency = torch.exp(index * (-math.log(self.base) / self.head_dim))
        angle = positions.to(dtype)[:, None, :, None] * frequency
        turn = _Turn(positions.clone() if keeps else positions, angle.cos(), angle.sin())
        if keeps:
            self._last = turn
        return turn


def _serves(turn: _Turn, positions: Tensor, dtype: torch.dtype) -> bool:
    """Whether kept angles are those of `positions`; ones made in inference mode are of no use to autograd."""
    return (
        turn.cos.dtype == dtype
        and turn.cos.is_inference() == torch.is_inference_mode_enabled()
        and turn.positions.dtype == positions.dtype
        and torch.equal(turn.positions, positions)
    )
