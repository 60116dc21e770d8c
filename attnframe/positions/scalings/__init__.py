"""Scalings of rotary positions: how frequencies change for texts longer than those of pre-training. One paper each."""

from attnframe.positions.scalings.base import RotaryScaling
from attnframe.positions.scalings.linear import LinearScaling
from attnframe.positions.scalings.llama3 import Llama3Scaling
from attnframe.positions.scalings.longrope import LongRopeScaling
from attnframe.positions.scalings.ntk import NtkScaling
from attnframe.positions.scalings.yarn import YarnScaling

__all__ = ["LinearScaling", "Llama3Scaling", "LongRopeScaling", "NtkScaling", "RotaryScaling", "YarnScaling"]
