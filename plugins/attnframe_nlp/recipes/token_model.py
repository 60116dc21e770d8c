"""What all models that give each token a vector have in common. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attnframe.plugin.contract import Parts
from attnframe.recipe import frozen
from attnframe_nlp.recipes.text_model import TextModel

if TYPE_CHECKING:
    from attnframe.models import AttentionRNN, Encoder
    from attnframe_nlp.token_networks.readers import Reader


@frozen
class TokenModel(TextModel, ABC):
    """Base of the models that encode tokens one by one, which serve whole texts too by pooling."""

    @abstractmethod
    def build_encoder(self, parts: Parts, longest: int) -> Encoder | AttentionRNN:
        """Make the network from vectors of tokens (B, T, D) to such that know their neighbours.

        Args:
            parts: attention and position recipes. longest: most tokens that it will read.
        """

    def build_reader(self, parts: Parts, longest: int, stops: Sequence[int]) -> Reader:
        from attnframe_nlp.token_networks.readers import PooledReader

        return PooledReader(self.build_encoder(parts, longest), self.dim, self.pool)
