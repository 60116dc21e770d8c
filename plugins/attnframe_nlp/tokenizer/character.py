"""One token per character."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe_nlp.tokenizer.base import Tokenizer


class CharacterTokenizer(Tokenizer):
    """One token per Unicode character (code point) of a fixed vocabulary.

    Args:
        vocabulary: every character once, in the order of code points; the id of a character is its place.
    """

    def __init__(self, vocabulary: str) -> None:
        self.vocabulary = vocabulary
        self._points = _points(vocabulary)

    @classmethod
    def fit(cls, pieces: Iterable[str]) -> CharacterTokenizer:
        """The tokenizer of every character that occurs in the pieces of a text."""
        found: set[str] = set()
        for piece in pieces:
            found.update(piece)
        return cls("".join(sorted(found)))

    @property
    def size(self) -> int:
        return len(self.vocabulary)

    def encode(self, text: str) -> np.ndarray[Any, Any]:
        if missing := self.unknown(text):
            shown = " ".join(repr(character) for character in sorted(missing)[:20])
            raise DataError(
                Fault(
                    "The text",
                    f"must use only the {self.size} characters of the vocabulary",
                    shown,
                    "Leave them out, or train with data.tokenizer=byte or bpe, which know every character.",
                )
            )
        return np.searchsorted(self._points, _points(text))

    def decode(self, tokens: Sequence[int]) -> str:
        return "".join(self.vocabulary[token] for token in tokens)

    def unknown(self, text: str) -> set[str]:
        return set(text).difference(self.vocabulary)

    def characters(self) -> np.ndarray[Any, Any]:
        return np.ones(self.size, dtype=np.int64)

    def names(self) -> list[str]:
        return list(self.vocabulary)

    def values(self) -> dict[str, Any]:
        return {"name": "character", "vocabulary": self.vocabulary}


def _points(text: str) -> np.ndarray[Any, Any]:
    """Code points of a text, in order."""
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
