"""What all models of whole texts have in common. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from attnframe.plugin.contract import ModelRecipe, Parts
from attnframe.recipe import AtLeast, Between, frozen

if TYPE_CHECKING:
    from attnframe_nlp.token_networks.readers import Reader


@frozen
class TextModel(ModelRecipe, ABC):
    """Base of the models of texts: embedding, network, linear head.

    Args:
        pool: what makes one vector of tokens: their ``mean``, or ``attention`` asked by a learned vector (Yang et al.
            2016, https://aclanthology.org/N16-1174).
        word_dropout: probability of taking a token for an unknown one in training, in [0, 1].
        embedding_dropout: probability of dropping an element of a token's vector in training, in [0, 1].
        pairs: vectors that pairs of neighbouring tokens are hashed into and that are added to the second's (fastText,
            Joulin et al. 2017, https://arxiv.org/abs/1607.01759); 0 for none.
        label_smoothing: share of the target spread over all classes, in [0, 1].
    """

    pool: Literal["mean", "attention"] = "mean"
    word_dropout: Annotated[float, Between(0, 1)] = 0.0
    embedding_dropout: Annotated[float, Between(0, 1)] = 0.0
    pairs: Annotated[int, AtLeast(0)] = 0
    label_smoothing: Annotated[float, Between(0, 1)] = 0.0

    @abstractmethod
    def build_reader(self, parts: Parts, longest: int, stops: Sequence[int]) -> Reader:
        """Make the network from vectors of tokens (B, T, D) to one of the text (B, D).

        Args:
            parts: attention and position recipes. longest: most tokens of a text.
            stops: ids of the tokens that end a sentence.
        """
