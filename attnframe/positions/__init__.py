"""Positions: how order enters attention. One scheme and one paper each.

position = positions.Rotary(head_dim=64)
query = position.rotate(query, torch.arange(query.shape[2])[None])
"""

from attnframe.positions.alibi import Alibi
from attnframe.positions.base import BiasPosition, InputPosition, NoPosition, Position, RelativePosition, RotaryPosition
from attnframe.positions.learned import Learned
from attnframe.positions.rotary import Rotary
from attnframe.positions.sinusoidal import Sinusoidal

__all__ = [
    "Alibi",
    "BiasPosition",
    "InputPosition",
    "Learned",
    "NoPosition",
    "Position",
    "RelativePosition",
    "Rotary",
    "RotaryPosition",
    "Sinusoidal",
]
