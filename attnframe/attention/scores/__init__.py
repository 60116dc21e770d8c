"""Scores: how well a key fits a query. One file and one paper each."""

from attnframe.attention.scores.additive import Additive
from attnframe.attention.scores.base import DotScore, PairwiseScore, Score
from attnframe.attention.scores.bilinear import Bilinear
from attnframe.attention.scores.cosine import Cosine
from attnframe.attention.scores.dot import Dot
from attnframe.attention.scores.dynamic_graph_attention import DynamicGraphAttentionScore
from attnframe.attention.scores.graph_attention import GraphAttentionScore
from attnframe.attention.scores.scaled_dot import ScaledDot
from attnframe.attention.scores.separable import SeparableScore
from attnframe.attention.scores.soft_cap import SoftCap
from attnframe.attention.scores.squared_distance import SquaredDistance
from attnframe.attention.scores.summed import SummedScore

__all__ = [
    "Additive",
    "Bilinear",
    "Cosine",
    "Dot",
    "DotScore",
    "DynamicGraphAttentionScore",
    "GraphAttentionScore",
    "PairwiseScore",
    "ScaledDot",
    "Score",
    "SeparableScore",
    "SoftCap",
    "SquaredDistance",
    "SummedScore",
]
