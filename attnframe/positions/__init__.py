"""Positions: how order, place, time and graph enter attention. One scheme and one paper each.

position = positions.Rotary(head_dim=64)
query = position.rotate(query, torch.arange(query.shape[2])[None])
"""

from attnframe.positions.alibi import Alibi
from attnframe.positions.axial import AxialRotary
from attnframe.positions.base import BiasPosition, InputPosition, NoPosition, Position, RelativePosition, RotaryPosition
from attnframe.positions.graph import GraphPosition
from attnframe.positions.grid import grid
from attnframe.positions.laplacian import Laplacian, laplacian_eigenvectors
from attnframe.positions.learned import Learned
from attnframe.positions.random_walk import RandomWalk, return_probabilities
from attnframe.positions.rotary import Rotary
from attnframe.positions.scalings import (
    LinearScaling,
    Llama3Scaling,
    LongRopeScaling,
    NtkScaling,
    RotaryScaling,
    YarnScaling,
)
from attnframe.positions.shaw import Shaw
from attnframe.positions.shortest_path import ShortestPath, shortest_paths
from attnframe.positions.sinusoidal import Sinusoidal
from attnframe.positions.swin import SwinBias
from attnframe.positions.t5 import T5Bias
from attnframe.positions.timestamps import Timestamps

__all__ = [
    "Alibi",
    "AxialRotary",
    "BiasPosition",
    "GraphPosition",
    "InputPosition",
    "Laplacian",
    "Learned",
    "LinearScaling",
    "Llama3Scaling",
    "LongRopeScaling",
    "NoPosition",
    "NtkScaling",
    "Position",
    "RandomWalk",
    "RelativePosition",
    "Rotary",
    "RotaryPosition",
    "RotaryScaling",
    "Shaw",
    "ShortestPath",
    "Sinusoidal",
    "SwinBias",
    "T5Bias",
    "Timestamps",
    "YarnScaling",
    "grid",
    "laplacian_eigenvectors",
    "return_probabilities",
    "shortest_paths",
]
