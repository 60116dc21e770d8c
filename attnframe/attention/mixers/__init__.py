"""Mixers: how the values of visible keys become outputs."""

from attnframe.attention.mixers.softmax import SoftmaxMixer

__all__ = ["SoftmaxMixer"]
