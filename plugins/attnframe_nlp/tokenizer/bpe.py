"""Byte-level byte pair encoding by the `tokenizers` library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from tokenizers import Tokenizer as Library
from tokenizers import decoders, models, pre_tokenizers, trainers

from attnframe_nlp.tokenizer.base import Tokenizer
from attnframe_nlp.tokenizer.byte import starts_character


class BytePairTokenizer(Tokenizer):
    """Byte pair encoding (Sennrich et al. 2016, "Neural machine translation of rare words with subword units") on
    bytes, words split as in GPT-2 (Radford et al. 2019); all 256 bytes are in the vocabulary, so no text is unknown.

    Args:
        fitted: the JSON form of a fitted tokenizer of the `tokenizers` library.
    """

    def __init__(self, fitted: str) -> None:
        self._fitted = fitted
        self._library = Library.from_str(fitted)

    @classmethod
    def fit(cls, pieces: Iterable[str], size: int) -> BytePairTokenizer:
        """Learn merges from the pieces of a text.

        Args:
            pieces: the training text.
            size: largest number of token ids, at least 256; a short text may give fewer.
        """
        library = Library(models.BPE())
        library.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        library.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
        )
        library.train_from_iterator(pieces, trainer)
        return cls(library.to_str())

    @property
    def size(self) -> int:
        return int(self._library.get_vocab_size())

    def encode(self, text: str) -> np.ndarray[Any, Any]:
        return np.array(self._library.encode(text).ids, dtype=np.int64)

    def decode(self, tokens: Sequence[int]) -> str:
        return str(self._library.decode(list(tokens)))

    def unknown(self, text: str) -> set[str]:
        return set()

    def characters(self) -> np.ndarray[Any, Any]:
        byte_of = {symbol: byte for byte, symbol in enumerate(_byte_symbols())}
        counts = np.zeros(self.size, dtype=np.int64)
        for token, number in self._library.get_vocab().items():
            counts[number] = sum(starts_character(byte_of[symbol]) for symbol in token)
        return counts

    def names(self) -> list[str]:
        numbers = self._library.get_vocab()
        return sorted(numbers, key=numbers.__getitem__)

    def values(self) -> dict[str, Any]:
        return {"name": "bpe", "fitted": self._fitted}


def _byte_symbols() -> list[str]:
    """The printable symbol that stands for each byte in the library's vocabulary (the table of GPT-2): a printable
    byte stands for itself, the others are numbered from U+0100 in order."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]
