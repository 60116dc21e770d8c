"""Pieces of words, hashed: what a word that was never seen has in common with those that were."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

SHORTEST: Final = 3
LONGEST: Final = 5
MOST: Final = 24
"""Pieces of a word that are looked at: the first ones, short ones before long ones."""


def subwords(word: str, buckets: int) -> list[int]:
    """The character n-grams of a word with marks at its ends, n from 3 to 5, as numbers from 1 to `buckets` (Bojanowski
    et al. 2017, https://arxiv.org/abs/1607.04606); at most `MOST`.

    Args:
        word: at least one character. buckets: numbers to hash into.
    """
    marked = f"<{word}>"
    found = [
        marked[start : start + length]
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(max(len(marked) - length + 1, 0))
    ]
    return [zlib.crc32(piece.encode("utf-8")) % buckets + 1 for piece in found[:MOST]]


def subword_table(words: Sequence[str], buckets: int) -> npt.NDArray[np.int64]:
    """The subwords (N, S) of each word, 0 behind the last; S is 0 when there are no buckets."""
    if not buckets:
        return np.zeros((len(words), 0), np.int64)
    table = np.zeros((len(words), MOST), np.int64)
    for row, word in zip(table, words, strict=True):
        pieces = subwords(word, buckets)
        row[: len(pieces)] = pieces
    return table
