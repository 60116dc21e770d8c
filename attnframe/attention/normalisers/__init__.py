"""Normalisers: how scores become weights. One file and one paper each."""

from attnframe.attention.normalisers.base import FusedForm, Normaliser, widened
from attnframe.attention.normalisers.entmax import Entmax
from attnframe.attention.normalisers.relu import Relu
from attnframe.attention.normalisers.sigmoid import Sigmoid
from attnframe.attention.normalisers.sinks import Sinks
from attnframe.attention.normalisers.softmax import Softmax
from attnframe.attention.normalisers.softmax_plus_one import SoftmaxPlusOne
from attnframe.attention.normalisers.sparsemax import Sparsemax
from attnframe.attention.normalisers.tempered import Tempered
from attnframe.attention.normalisers.top_k import TopK

__all__ = [
    "Entmax",
    "FusedForm",
    "Normaliser",
    "Relu",
    "Sigmoid",
    "Sinks",
    "Softmax",
    "SoftmaxPlusOne",
    "Sparsemax",
    "Tempered",
    "TopK",
    "widened",
]
