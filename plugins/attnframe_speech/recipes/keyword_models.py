"""The models of `task=keyword_spotting`. Torch-free."""

from __future__ import annotations

from abc import ABC
from typing import Annotated

from attnframe.recipe import Between, frozen
from attnframe_speech.recipes.encoding import FrameConformer, FrameModel, FrameTransformer


@frozen
class KeywordModel(FrameModel, ABC):
    """Base of the models from a recording to one vector, before a linear head.

    Args:
        label_smoothing: share of the target spread over all classes, in [0, 1].
    """

    label_smoothing: Annotated[float, Between(0, 1)] = 0.0


@frozen
class KeywordTransformer(KeywordModel, FrameTransformer):
    """Frames through an encoder, and their mean (Keyword Transformer, Berg et al. 2021,
    https://arxiv.org/abs/2104.00769)."""


@frozen
class KeywordConformer(KeywordModel, FrameConformer):
    """Frames through a Conformer, and their mean."""
