"""Pieces of words by byte pair encoding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from attnframe_nlp.sentence_pairs.vocabulary import SPECIAL, SPECIAL_NAMES, Vocabulary
from attnframe_nlp.tokenizer.bpe import BytePairTokenizer


class PieceVocabulary(Vocabulary):
    """`BytePairTokenizer` behind the special tokens. A sentence is read with a space before it, so that its first word
    is the word that it is elsewhere; nothing is unknown.

    Args:
        fitted: the JSON form of a fitted tokenizer of the `tokenizers` library.
        lower_case: whether sentences are read in lower case.
    """

    def __init__(self, fitted: str, lower_case: bool) -> None:
        super().__init__(lower_case)
        self._tokenizer = BytePairTokenizer(fitted)

    @classmethod
    def fit(cls, sentences: Iterable[str], size: int, lower_case: bool) -> PieceVocabulary:
        """Learn merges from sentences, for a vocabulary of at most `size` tokens."""
        spaced = (f" {sentence.lower() if lower_case else sentence}" for sentence in sentences)
        return cls(BytePairTokenizer.fit(spaced, size - SPECIAL).values()["fitted"], lower_case)

    @property
    def size(self) -> int:
        return SPECIAL + self._tokenizer.size

    def _encode(self, sentences: Sequence[str]) -> list[list[int]]:
        return [(self._tokenizer.encode(f" {sentence}") + SPECIAL).tolist() for sentence in sentences]

    def decode(self, tokens: Sequence[int]) -> str:
        return self._tokenizer.decode([token - SPECIAL for token in tokens if token >= SPECIAL]).strip()

    def pieces(self, tokens: Sequence[int]) -> list[str]:
        return [self.decode([token]) for token in tokens]

    def names(self) -> list[str]:
        return [*SPECIAL_NAMES, *self._tokenizer.names()]

    def values(self) -> dict[str, Any]:
        return {"name": "bpe", "fitted": self._tokenizer.values()["fitted"], "lower_case": self.lower_case}
