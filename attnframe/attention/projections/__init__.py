"""Projections: how inputs become queries, keys and values, and how mixed values become outputs."""

from attnframe.attention.projections.base import Projections, Rotate
from attnframe.attention.projections.latent import LatentProjections
from attnframe.attention.projections.separate import SeparateProjections
from attnframe.attention.projections.tied import TiedProjections

__all__ = ["LatentProjections", "Projections", "Rotate", "SeparateProjections", "TiedProjections"]
