"""Sentence pairs by part, and where they come from."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL, complete_parts

PARTS: Final = ("train", "val", "test")

Pair = tuple[str, str]
"""A sentence and its translation."""


@dataclass(frozen=True)
class Pairs:
    """The pairs of each of `PARTS`.

    Args:
        parts: by part.
        split_off: the parts that were cut off the training pairs.
    """

    parts: Mapping[str, Sequence[Pair]]
    split_off: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """sha256 (hex) of all sentences in their parts and order."""
        digest = hashlib.sha256()
        for part in PARTS:
            for pair in self.parts[part]:
                digest.update("\t".join(pair).encode() + b"\n")
            digest.update(b"\0")
        return digest.hexdigest()


class PairSource(ABC):
    """Where the sentence pairs of a dataset come from."""

    @abstractmethod
    def read(self) -> Pairs:
        """Find, check and part the pairs.

        Raises:
            DataError: with every fault of the data.
        """


def completed(parts: Mapping[str, Sequence[Pair]], fractions: tuple[float, float, float], where: str) -> Pairs:
    """Pairs whose missing val or test part is cut off train, at random with seed 0.

    Args:
        parts: by part; train must be there.
        fractions: shares of train, val and test; only those of the missing parts count, over their sum with train's.
        where: key or path named when a part would be empty.

    Raises:
        DataError: naming each part that would be empty.
    """
    missing = [part for part in PARTS if part not in parts]
    every = [pair for part in PARTS for pair in parts.get(part, ())]
    known = [number for number, part in enumerate(PARTS) for _ in parts.get(part, ())]
    numbers = complete_parts(np.array(known, dtype=np.uint8), np.zeros(len(every), dtype=np.int64), fractions)
    found = {
        part: [every[place] for place in np.flatnonzero(numbers == number)]
        for part, number in zip(PARTS, (TRAIN, VAL, TEST), strict=True)
    }
    faults = [
        Fault(
            f"The {part} part of {where}",
            "must hold at least one pair",
            f"{len(parts['train'])} pairs in all to split by data.split={list(fractions)}",
            f"Give {part} files, more pairs, or another data.split.",
        )
        for part in PARTS
        if not found[part]
    ]
    if faults:
        raise DataError(faults)
    return Pairs(found, tuple(missing))
