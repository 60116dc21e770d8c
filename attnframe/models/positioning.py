"""Where a position enters a model: once at its input, or in every self-attention layer."""

from __future__ import annotations

from torch import Tensor

from attnframe.positions import BiasPosition, InputPosition, Position, RelativePosition, RotaryPosition


def divide(position: Position | None) -> tuple[InputPosition | None, Position | None]:
    """A position as what is added to the input and what the self-attention layers get; at most one is not None."""
    if isinstance(position, InputPosition):
        return position, None
    inner = isinstance(position, RotaryPosition | BiasPosition | RelativePosition)
    return None, position if inner else None


def enter(
    x: Tensor, position: InputPosition | None, positions: Tensor | None, start: int
) -> tuple[Tensor, Tensor | None]:
    """The input of a model with its position, and the positions that are left for its layers.

    Args:
        x: (B, T, D).
        position: what is added; None for nothing.
        positions: (B or 1, T) or (B or 1, T, C); None counts on from `start`.
        start: tokens before x.
    """
    if position is None:
        return x, positions
    # The layers hold no position then, and need none.
    return position.add_from(x, start) if positions is None else position.add(x, positions), None
