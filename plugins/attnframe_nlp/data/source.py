"""Sources: where the text of a dataset comes from, and how it is parted."""

from __future__ import annotations

import hashlib
import itertools
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from attnframe.errors import DataError, Fault
from attnframe_nlp.data.text import Measure, Stretch, Text, TextsInRow, measure_all

PARTS: Final = ("train", "val", "test")


@dataclass(frozen=True)
class Corpus:
    """The text of each of `PARTS`, and a sha256 (hex) of all of it and of where it is cut."""

    parts: dict[str, Text]
    digest: str


class Source(ABC):
    """Where the text of a dataset comes from."""

    @abstractmethod
    def read(self) -> Corpus:
        """Find, check and part the text.

        Raises:
            DataError: with every fault of the data.
        """


def parted(
    texts: Sequence[Text], split: tuple[float, float, float], where: str, order: Sequence[str] = PARTS
) -> Corpus:
    """Join texts and cut the whole by fractions, in its order.

    A cut lies at the character before the fraction: 1,115,394 characters x 0.9 gives 1,003,854.

    Args:
        texts: in order.
        split: fractions of train, val and test.
        where: key or path named when there is no text at all.
        order: which part comes first, second and last in the text.

    Raises:
        DataError: when a text cannot be read, or all are empty.
    """
    measures = measure_all(texts)
    total = sum(each.characters for each in measures)
    if not total:
        raise DataError(Fault(where, "must hold text", "0 characters"))
    fractions = dict(zip(PARTS, split, strict=True))
    shares = itertools.accumulate((fractions[part] for part in order), initial=0.0)
    # Rounded, because 0.7 + 0.2 is a little less than 0.9.
    cuts = [min(total, int(total * round(share, 9))) for share in shares]
    whole = TextsInRow(tuple(texts))
    parts: dict[str, Text] = {
        part: Stretch(whole, start, stop) for part, (start, stop) in zip(order, itertools.pairwise(cuts), strict=True)
    }
    return Corpus(parts, _digest(measures, [*order, *cuts]))


def given(train: Text, val: Text, test: Text) -> Corpus:
    """A corpus that brings its own parts.

    Raises:
        DataError: with the faults of all of them.
    """
    texts = (train, val, test)
    return Corpus(dict(zip(PARTS, texts, strict=True)), _digest(measure_all(texts), []))


def _digest(measures: Sequence[Measure], cuts: Sequence[str | int]) -> str:
    named = [*(each.sha256 for each in measures), *(str(cut) for cut in cuts)]
    return hashlib.sha256("\n".join(named).encode()).hexdigest()
