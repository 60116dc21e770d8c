"""Vocabularies of sentences: text to token ids with their special tokens, and back to text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

PAD: Final = 0
BEGIN: Final = 1
END: Final = 2
UNKNOWN: Final = 3
SPECIAL: Final = 4
"""How many ids stand for no text: padding, the begin and the end of a sentence, an unknown word."""

SPECIAL_NAMES: Final = ("<pad>", "<begin>", "<end>", "<unknown>")


class Vocabulary(ABC):
    """A fitted map between sentences and token ids that can be saved as plain values.

    Args:
        lower_case: whether sentences are read in lower case.
    """

    def __init__(self, lower_case: bool) -> None:
        self.lower_case = lower_case

    @property
    @abstractmethod
    def size(self) -> int:
        """Number of token ids V, special ones among them."""

    def encode(self, sentences: Iterable[str]) -> list[list[int]]:
        """Token ids of each sentence, without begin and end."""
        return self._encode([sentence.lower() if self.lower_case else sentence for sentence in sentences])

    @abstractmethod
    def _encode(self, sentences: Sequence[str]) -> list[list[int]]:
        """Token ids of sentences in the right case."""

    @abstractmethod
    def decode(self, tokens: Sequence[int]) -> str:
        """The sentence of token ids; special ones count as nothing, but an unknown word shows as ``⁇``."""

    @abstractmethod
    def pieces(self, tokens: Sequence[int]) -> list[str]:
        """What each token stands for, to be shown one by one."""

    @abstractmethod
    def names(self) -> list[str]:
        """A name (V,) of each id, the same in every vocabulary that holds what it stands for."""

    @abstractmethod
    def values(self) -> dict[str, Any]:
        """Plain values that `vocabulary_from` rebuilds the vocabulary from."""


def vocabulary_from(values: Mapping[str, Any]) -> Vocabulary:
    """Rebuild a vocabulary from `Vocabulary.values`."""
    if values["name"] == "word":
        from attnframe_nlp.sentence_pairs.word_vocabulary import WordVocabulary

        return WordVocabulary(values["words"], values["lower_case"], values["tokenised"])
    from attnframe_nlp.sentence_pairs.piece_vocabulary import PieceVocabulary

    return PieceVocabulary(values["fitted"], values["lower_case"])
