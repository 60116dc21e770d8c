"""The tokenizer contract: a fitted, immutable map between text and token ids that can be saved as plain values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np


class Tokenizer(ABC):
    """Turns text into token ids and back without loss, and knows how many characters each token stands for."""

    @property
    @abstractmethod
    def size(self) -> int:
        """Number of token ids V."""

    @abstractmethod
    def encode(self, text: str) -> np.ndarray[Any, Any]:
        """Token ids (T,) of a text, int64.

        Raises:
            DataError: naming the characters that the vocabulary does not hold.
        """

    @abstractmethod
    def decode(self, tokens: Sequence[int]) -> str:
        """The text of token ids; `decode(encode(text)) == text`."""

    @abstractmethod
    def unknown(self, text: str) -> set[str]:
        """Characters of a text that the vocabulary does not hold."""

    @abstractmethod
    def characters(self) -> np.ndarray[Any, Any]:
        """Characters (V,) that each token stands for, int64. A character of several tokens counts at its first one, so
        that the sum over the tokens of a text is its length."""

    @abstractmethod
    def names(self) -> list[str]:
        """A name (V,) of each token, the same in every vocabulary that holds the token."""

    @abstractmethod
    def values(self) -> dict[str, Any]:
        """Plain values that `tokenizer_from` rebuilds the tokenizer from."""
