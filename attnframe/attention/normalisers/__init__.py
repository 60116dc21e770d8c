"""Normalisers: how scores become weights. One file and one paper each."""

from attnframe.attention.normalisers.base import Normaliser
from attnframe.attention.normalisers.sigmoid import Sigmoid
from attnframe.attention.normalisers.softmax import Softmax
from attnframe.attention.normalisers.sparsemax import Sparsemax

__all__ = ["Normaliser", "Sigmoid", "Softmax", "Sparsemax"]
