"""Readers: what makes one vector of a text's tokens."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from attnframe.explanation.read_out import hierarchy, read
from attnframe.models import Hierarchical
from attnframe.models.hierarchical import Level, Pool
from attnframe.plugin.subject import Maps


class Reader(nn.Module, ABC):
    """Base of the readers."""

    @abstractmethod
    def forward(self, x: Tensor, tokens: Tensor, valid: Tensor) -> Tensor:
        """One vector (B, D) of each text.

        Args:
            x: (B, T, D) vectors of the tokens. tokens: (B, T) their ids. valid: (B, T) bool, True = real token.
        """

    @abstractmethod
    def parts(self, maps: Maps, pooled: Mapping[str, Tensor], prefix: str, tokens: Tensor) -> Tensor:
        """The part (T,) of each token in the vector of one text.

        Args:
            maps: what attention says. pooled: weights of the poolings, by name.
            prefix: how names of the reader's modules begin. tokens: (1, T) ids.
        """


class PooledReader(Reader):
    """An encoder over the whole text, and a pooling.

    Args:
        encoder: (B, T, D) to (B, T, D), called with ``mask=``. dim: width D. pool: ``mean`` or ``attention``.
    """

    def __init__(self, encoder: nn.Module, dim: int, pool: Pool) -> None:
        super().__init__()
        self.level = Level(encoder, dim, pool)

    def forward(self, x: Tensor, tokens: Tensor, valid: Tensor) -> Tensor:
        out: Tensor = self.level(x, valid)
        return out

    def parts(self, maps: Maps, pooled: Mapping[str, Tensor], prefix: str, tokens: Tensor) -> Tensor:
        return read(maps.through(f"{prefix}level.encoder."), pooled[f"{prefix}level.pooling"])[0]


class HierarchicalReader(Reader):
    """Words make sentences, and sentences the text (Yang et al. 2016, https://aclanthology.org/N16-1174).

    Args:
        words: encoder of the words of a sentence. sentences: encoder of the sentences. dim: width D.
        pool: ``mean`` or ``attention``.
        stops: ids of the tokens that end a sentence.
        longest: tokens of a sentence; a longer one is cut into several.
    """

    stops: Tensor

    def __init__(
        self, words: nn.Module, sentences: nn.Module, dim: int, pool: Pool, stops: Sequence[int], longest: int
    ) -> None:
        super().__init__()
        self.longest = longest
        self.register_buffer("stops", torch.tensor(list(stops), dtype=torch.int64), persistent=False)
        self.hierarchy = Hierarchical(words, sentences, dim, pool)

    def forward(self, x: Tensor, tokens: Tensor, valid: Tensor) -> Tensor:
        sentence, place = self.places(tokens, valid)
        batch, length, dim = x.shape
        if x.is_meta:  # Shapes that depend on values are not known there: one sentence a text.
            rows, columns = 1, length
        else:
            rows, columns = (int(numbers.max()) + 1 for numbers in (sentence, place))
        # Padding goes to one more column, which is cut off.
        target = torch.where(valid, sentence * (columns + 1) + place, columns)
        laid = x.new_zeros(batch, rows * (columns + 1), dim)
        laid = laid.scatter(1, target.unsqueeze(-1).expand_as(x), x).view(batch, rows, columns + 1, dim)
        real = valid.new_zeros(batch, rows * (columns + 1)).scatter(1, target, valid).view(batch, rows, columns + 1)
        out: Tensor = self.hierarchy(laid[:, :, :columns], valid=real[:, :, :columns])
        return out

    def parts(self, maps: Maps, pooled: Mapping[str, Tensor], prefix: str, tokens: Tensor) -> Tensor:
        sentence, place = self.places(tokens, torch.ones_like(tokens, dtype=torch.bool))
        return hierarchy(maps, pooled, f"{prefix}hierarchy.")[sentence[0], place[0]]

    def places(self, tokens: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        """The sentence (B, T) of each token and its place (B, T) in it, both from 0; 0 at padding."""
        number = torch.arange(tokens.shape[1], device=tokens.device).expand_as(tokens)
        ends = torch.isin(tokens, self.stops)
        # A mark after another, as in "?!", ends the same sentence.
        begins = torch.zeros_like(valid)
        begins[:, :1] = True
        begins[:, 1:] = ends[:, :-1] & ~ends[:, 1:]
        inside = number - torch.where(begins, number, 0).cummax(1).values
        begins = inside % self.longest == 0
        sentence = begins.cumsum(1) - 1
        return sentence.masked_fill(~valid, 0), (inside % self.longest).masked_fill(~valid, 0)
