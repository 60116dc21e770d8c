"""Numbers in words of two languages."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
from num2words import CONVERTER_CLASSES, num2words

from attnframe.errors import DataError, Fault, did_you_mean
from attnframe.plugin.splitting import SPLIT_SEED
from attnframe_nlp.sentence_pairs.pairs import PARTS, Pair, Pairs, PairSource

DIGITS: Final = 6
"""Most digits of a number."""
NAMED: Final = 100
"""Numbers below it are all in the training part."""


class NumberWordsSource(PairSource):
    """Numbers from 0 to 999,999: those below 100 in train, the others drawn and split with seed 0.

    Args:
        source: language as num2words names it. target: likewise.
        numbers: how many numbers.
        split: fractions of train, val and test.
    """

    def __init__(self, source: str, target: str, numbers: int, split: tuple[float, float, float]) -> None:
        self.source, self.target, self.numbers, self.split = source, target, numbers, split

    def read(self) -> Pairs:
        faults = [
            Fault(
                f"data.{name}",
                "must be a language of num2words",
                repr(language),
                did_you_mean(language, [*CONVERTER_CLASSES]),
            )
            for name, language in (("source", self.source), ("target", self.target))
            if language not in CONVERTER_CLASSES
        ]
        if faults:
            raise DataError(faults)
        chosen = drawn(self.numbers)
        counts = [round(share * len(chosen)) for share in self.split[1:]]
        cuts = {"val": chosen[: counts[0]], "test": chosen[counts[0] : sum(counts)]}
        cuts["train"] = [*range(NAMED), *chosen[sum(counts) :]]
        faults = [
            Fault("data.split", f"must leave numbers to the {part} part", str(list(self.split)))
            for part in PARTS
            if not cuts[part]
        ]
        if faults:
            raise DataError(faults)
        return Pairs({part: [self._pair(number) for number in cuts[part]] for part in PARTS})

    def _pair(self, number: int) -> Pair:
        return in_words(number, self.source), in_words(number, self.target)


def drawn(count: int) -> list[int]:
    """`count` different numbers from 100 to 999,999 in random order, as evenly by their number of digits as can be with
    half of those of each."""
    generator = np.random.default_rng(SPLIT_SEED)
    found: list[np.ndarray[Any, Any]] = []
    for digits in range(3, DIGITS + 1):
        low, high = 10 ** (digits - 1), 10**digits
        share = (count - sum(map(len, found))) // (DIGITS + 1 - digits)
        found.append(generator.choice(np.arange(low, high), min(share, (high - low) // 2), replace=False))
    return [int(number) for number in generator.permutation(np.concatenate(found))]


@lru_cache(maxsize=1 << 16)
def in_words(number: int, language: str) -> str:
    """A number in the words of a language.

    Raises:
        DataError: when num2words cannot write it.
    """
    try:
        return str(num2words(number, lang=language))
    except Exception as error:  # In some languages it fails in its own code.
        got = f"{type(error).__name__}: {error}"
        must = f"must be a language in which num2words can write {number}"
        raise DataError(Fault(f"The language {language!r}", must, got[:200], "Try en, de, fr or es.")) from error
