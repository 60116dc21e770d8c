"""The words of some texts, each with its id in a vocabulary and its subwords, so that both are found once a word."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe_nlp.data.sequences.subwords import subword_table
from attnframe_nlp.data.sequences.vocabulary import PADDING, PieceVocabulary, Vocabulary


class Lexicon:
    """Numbers the words of texts as they come; 0 stands for padding.

    Without subwords a word's number is its id in the vocabulary.

    Args:
        vocabulary: what gives the ids. buckets: numbers that subwords are hashed into; 0 for no subwords, which is all
            that a vocabulary without words allows.
    """

    def __init__(self, vocabulary: Vocabulary, buckets: int) -> None:
        self.vocabulary, self.buckets = vocabulary, buckets
        self._numbers: dict[str, int] = {}
        self._tables: tuple[Tensor, Tensor] | None = None

    def encode(self, text: str) -> npt.NDArray[np.int64]:
        """Numbers (T,) of the words of a text."""
        if self.buckets and isinstance(self.vocabulary, PieceVocabulary):
            return self.encode_pieces(self.vocabulary.split(text))
        return self.vocabulary.encode(text)

    def encode_pieces(self, pieces: Iterable[str]) -> npt.NDArray[np.int64]:
        """Numbers (T,) of words that are split already; the vocabulary must be one of pieces."""
        if not isinstance(self.vocabulary, PieceVocabulary):
            raise TypeError("only a vocabulary of pieces numbers pieces")
        if not self.buckets:
            return self.vocabulary.encode_pieces(pieces)
        folded = (piece.lower() if self.vocabulary.lowercase else piece for piece in pieces)
        return np.array([self._numbers.setdefault(piece, len(self._numbers) + 1) for piece in folded], dtype=np.int64)

    def look_up(self, numbers: Tensor) -> tuple[Tensor, Tensor]:
        """Ids (B, T) in the vocabulary and subwords (B, T, S) of words (B, T); S is 0 without subwords."""
        if not self.buckets:
            return numbers, numbers.new_zeros((*numbers.shape, 0))
        if self._tables is None or len(self._tables[0]) != len(self._numbers) + 1:
            self._tables = self._built()
        ids, spellings = self._tables
        return ids[numbers], spellings[numbers]

    def _built(self) -> tuple[Tensor, Tensor]:
        assert isinstance(self.vocabulary, PieceVocabulary)
        ids = torch.from_numpy(self.vocabulary.encode_pieces(self._numbers))
        spellings = torch.from_numpy(subword_table([*self._numbers], self.buckets))
        nothing = torch.full((1,), PADDING), spellings.new_zeros((1, spellings.shape[1]))
        return torch.cat([nothing[0], ids]), torch.cat([nothing[1], spellings])
