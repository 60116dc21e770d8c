"""What all language models have in common. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Literal

from attnframe.plugin.contract import ModelRecipe, Parts
from attnframe.recipe import frozen

if TYPE_CHECKING:
    from attnframe.models import AttentionRNN, Decoder


@frozen
class LanguageModelRecipe(ModelRecipe, ABC):
    """Base of the language models: embedding, a causal network, linear head.

    Args:
        norm: ``rms`` (Zhang and Sennrich 2019) or ``layer`` (Ba et al. 2016).
        tied: whether the head uses the embedding matrix (Press and Wolf 2017).
    """

    norm: Literal["rms", "layer"] = "rms"
    tied: bool = True

    @abstractmethod
    def build(self, parts: Parts, context: int) -> Decoder | AttentionRNN:
        """Make the network from embeddings (B, T, D) to what the head takes, its first weights drawn.

        Args:
            parts: attention and position recipes.
            context: most tokens that it will read.
        """
