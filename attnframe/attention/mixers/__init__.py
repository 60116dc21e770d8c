"""Mixers: how the values of visible keys become outputs."""

from attnframe.attention.mixers.linear import LinearMixer
from attnframe.attention.mixers.softmax import SoftmaxMixer
from attnframe.attention.mixers.uniform import UniformMixer
from attnframe.attention.mixers.window import WindowMixer

__all__ = ["LinearMixer", "SoftmaxMixer", "UniformMixer", "WindowMixer"]
