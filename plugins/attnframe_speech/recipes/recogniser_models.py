"""The models of `task=speech_recognition`. Torch-free."""

from __future__ import annotations

from abc import ABC
from typing import Annotated, Literal

from attnframe.recipe import AtLeast, Between, frozen
from attnframe_speech.recipes.encoding import FrameConformer, FrameModel, FrameTransformer


@frozen
class RecogniserModel(FrameModel, ABC):
    """Base of the models from a recording to text: an encoder under CTC (Graves et al. 2006,
    https://doi.org/10.1145/1143844.1143891), on request with an attention decoder beside it (hybrid CTC/attention,
    Watanabe et al. 2017, https://doi.org/10.1109/JSTSP.2017.2763455).

    Args:
        subsampling: frames that become one position: 2 or 4 by convolutions, 1 for a linear map of each frame.
        flat_start: weight of the cross entropy of evenly spread letters in training, which fades for recordings that
            CTC has learnt; at least 0.
        decoder: blocks of the attention decoder; 0 for none.
        ctc_weight: share of CTC in the loss and in the choice among hypotheses, where there is a decoder; in [0, 1].
        label_smoothing: share of the decoder's targets spread over all letters, in [0, 1].
        beam: hypotheses kept while decoding; 1 takes the best letter of each position.
    """

    subsampling: Literal[1, 2, 4] = 4
    flat_start: Annotated[float, AtLeast(0)] = 0.3
    decoder: Annotated[int, AtLeast(0)] = 0
    ctc_weight: Annotated[float, Between(0, 1)] = 0.3
    label_smoothing: Annotated[float, Between(0, 1)] = 0.1
    beam: Annotated[int, AtLeast(1)] = 1


@frozen
class RecogniserTransformer(RecogniserModel, FrameTransformer):
    """Blocks of attention under CTC."""


@frozen
class RecogniserConformer(RecogniserModel, FrameConformer):
    """Blocks of attention and convolution under CTC."""
