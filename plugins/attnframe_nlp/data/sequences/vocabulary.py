"""Vocabularies: from a text to the ids that a model of texts embeds, with an id for padding and one for the unknown."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from attnframe_nlp.tokenizer.base import Tokenizer
from attnframe_nlp.tokenizer.make import fit_tokenizer, tokenizer_from

PADDING: Final = 0
UNKNOWN: Final = 1
SPECIAL: Final = 2
"""Ids in front of those of the vocabulary: padding, and what the vocabulary does not hold."""

_PADDING_NAME: Final = "<padding>"
_UNKNOWN_NAME: Final = "⁇"

TokenKind = Literal["word", "character", "byte", "bpe"]
_WORD: Final = re.compile(r"'?\w+(?:['.]\w+)*|[^\w\s]")
_STOPS: Final = (".", "!", "?")


def words(text: str) -> list[str]:
    """Words and marks of a text: letters and digits together, with an apostrophe or a point inside or an apostrophe in
    front (``isn't``, ``'s``, ``3.5``); every other mark by itself."""
    return _WORD.findall(text)


class Vocabulary(ABC):
    """A fixed map from texts to ids."""

    @property
    @abstractmethod
    def size(self) -> int:
        """Number of ids V, padding and unknown among them."""

    @property
    @abstractmethod
    def stops(self) -> list[int]:
        """Ids of the marks that end a sentence."""

    @abstractmethod
    def split(self, text: str) -> list[str]:
        """What each token of a text stands for, as it stands in it."""

    @abstractmethod
    def encode(self, text: str) -> npt.NDArray[np.int64]:
        """Ids (T,) of a text; never padding."""

    @abstractmethod
    def every_name(self) -> list[str]:
        """A name (V,) of each id, the same in every vocabulary that holds what it stands for."""

    @abstractmethod
    def names(self, ids: Iterable[int]) -> list[str]:
        """What each id stands for, ``⁇`` for the unknown; padding is left out."""

    @abstractmethod
    def text(self, ids: Iterable[int]) -> str:
        """About the text of ids, to be read by a person."""

    @abstractmethod
    def values(self) -> dict[str, Any]:
        """Plain values that `vocabulary_from` rebuilds it from."""


class PieceVocabulary(Vocabulary):
    """Words or characters that occurred often enough; the others are unknown.

    Args:
        kind: whether a text is split into words or characters.
        lowercase: whether case is folded.
        pieces: what the vocabulary holds; the id of a piece is its place, after the special ones.
    """

    def __init__(self, kind: Literal["word", "character"], lowercase: bool, pieces: Sequence[str]) -> None:
        self.kind, self.lowercase, self.pieces = kind, lowercase, list(pieces)
        self._ids = {piece: number for number, piece in enumerate(self.pieces, SPECIAL)}

    @classmethod
    def fit(
        cls, kind: Literal["word", "character"], lowercase: bool, texts: Iterable[Sequence[str]], min_count: int
    ) -> PieceVocabulary:
        """The vocabulary of the pieces that occur at least `min_count` times, the most frequent first.

        Args:
            kind: what the pieces are. lowercase: whether case is folded.
            texts: the training texts in pieces.
            min_count: fewest times.
        """
        counts: Counter[str] = Counter()
        for pieces in texts:
            counts.update(piece.lower() if lowercase else piece for piece in pieces)
        kept = [piece for piece, count in counts.items() if count >= min_count]
        return cls(kind, lowercase, sorted(kept, key=lambda piece: (-counts[piece], piece)))

    @property
    def size(self) -> int:
        return len(self.pieces) + SPECIAL

    @property
    def stops(self) -> list[int]:
        return [self._ids[stop] for stop in _STOPS if stop in self._ids]

    def split(self, text: str) -> list[str]:
        return words(text) if self.kind == "word" else list(text)

    def encode(self, text: str) -> npt.NDArray[np.int64]:
        return self.encode_pieces(self.split(text))

    def encode_pieces(self, pieces: Iterable[str]) -> npt.NDArray[np.int64]:
        """Ids (T,) of pieces."""
        if self.lowercase:
            pieces = (piece.lower() for piece in pieces)
        return np.array([self._ids.get(piece, UNKNOWN) for piece in pieces], dtype=np.int64)

    def every_name(self) -> list[str]:
        return [_PADDING_NAME, _UNKNOWN_NAME, *self.pieces]

    def names(self, ids: Iterable[int]) -> list[str]:
        return [
            _UNKNOWN_NAME if number == UNKNOWN else self.pieces[number - SPECIAL] for number in ids if number != PADDING
        ]

    def text(self, ids: Iterable[int]) -> str:
        return (" " if self.kind == "word" else "").join(self.names(ids))

    def values(self) -> dict[str, Any]:
        return {"kind": self.kind, "lowercase": self.lowercase, "pieces": self.pieces}


class TokenizerVocabulary(Vocabulary):
    """The ids of a tokenizer that knows every text, behind the special ones.

    Args:
        tokenizer: bytes or byte pairs.
        lowercase: whether case is folded.
    """

    def __init__(self, tokenizer: Tokenizer, lowercase: bool) -> None:
        self.tokenizer, self.lowercase = tokenizer, lowercase

    @property
    def size(self) -> int:
        return self.tokenizer.size + SPECIAL

    @property
    def stops(self) -> list[int]:
        return [int(self.encode(stop)[0]) for stop in _STOPS]

    def split(self, text: str) -> list[str]:
        ids = (self.encode(text) - SPECIAL).tolist()
        return [self.tokenizer.decode([token]) for token in ids]

    def encode(self, text: str) -> npt.NDArray[np.int64]:
        ids: npt.NDArray[np.int64] = self.tokenizer.encode(text.lower() if self.lowercase else text) + SPECIAL
        return ids

    def every_name(self) -> list[str]:
        return [_PADDING_NAME, _UNKNOWN_NAME, *self.tokenizer.names()]

    def names(self, ids: Iterable[int]) -> list[str]:
        known = (number for number in ids if number != PADDING)
        return [_UNKNOWN_NAME if number == UNKNOWN else self.tokenizer.decode([number - SPECIAL]) for number in known]

    def text(self, ids: Iterable[int]) -> str:
        return self.tokenizer.decode([number - SPECIAL for number in ids if number >= SPECIAL])

    def values(self) -> dict[str, Any]:
        return {"lowercase": self.lowercase, "tokenizer": self.tokenizer.values()}


def fit_vocabulary(
    kind: TokenKind, texts: Sequence[str], *, lowercase: bool, min_count: int, size: int
) -> PieceVocabulary | TokenizerVocabulary:
    """Make a vocabulary of the training texts.

    Args:
        kind: what a token is. texts: the training texts. lowercase: whether case is folded.
        min_count: fewest times that a word or character occurs. size: most tokens of ``bpe``.
    """
    if kind == "word":
        return PieceVocabulary.fit(kind, lowercase, (words(text) for text in texts), min_count)
    if kind == "character":
        return PieceVocabulary.fit(kind, lowercase, texts, min_count)
    folded = [text.lower() if lowercase else text for text in texts]
    return TokenizerVocabulary(fit_tokenizer(kind, train=folded, every=folded, size=size), lowercase)


def vocabulary_from(values: Mapping[str, Any]) -> PieceVocabulary | TokenizerVocabulary:
    """Rebuild a vocabulary from `Vocabulary.values`."""
    if "pieces" in values:
        return PieceVocabulary(values["kind"], values["lowercase"], values["pieces"])
    return TokenizerVocabulary(tokenizer_from(values["tokenizer"]), values["lowercase"])
