"""Scores: how well a key fits a query. One file and one paper each."""

from attnframe.attention.scores.additive import Additive
from attnframe.attention.scores.base import DotScore, PairwiseScore, Score
from attnframe.attention.scores.bilinear import Bilinear
from attnframe.attention.scores.cosine import Cosine
from attnframe.attention.scores.dot import Dot
from attnframe.attention.scores.scaled_dot import ScaledDot

__all__ = ["Additive", "Bilinear", "Cosine", "Dot", "DotScore", "PairwiseScore", "ScaledDot", "Score"]
