"""Settings of the language model. Torch-free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from attnframe.plugin.contract import TransformerRecipe


@dataclass(frozen=True, kw_only=True)
class LanguageModelRecipe(TransformerRecipe):
    """Decoder-only language model: embedding, causal blocks, linear head.

    Args:
        norm: ``rms`` (Zhang and Sennrich 2019) or ``layer`` (Ba et al. 2016).
        activation: of the feed-forward layers; ``squared_relu`` is that of Primer (So et al. 2021).
        tied: whether the head uses the embedding matrix (Press and Wolf 2017).
    """

    norm: Literal["rms", "layer"] = "rms"
    activation: Literal["squared_relu", "gelu", "relu", "swiglu"] = "squared_relu"
    tied: bool = True
