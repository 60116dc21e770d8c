"""`data=number_words`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe_nlp.recipes.sentence_pairs import SentencePairs

if TYPE_CHECKING:
    from attnframe_nlp.sentence_pairs.pairs import PairSource


@frozen
class NumberWords(SentencePairs):
    """Numbers from 0 to 999,999 in words of two languages, written by the package num2words; no network.

    Numbers below 100 are all in the training part, since a language may name each in a way of its own; the others are
    drawn evenly by their number of digits, and split by `split`. No number is in two parts.

    Args:
        source: language that is translated from, as num2words names it: en, de, fr, es, it, nl, …
        target: language that is translated into.
        numbers: how many numbers.
    """

    name: ClassVar[str] = "number_words"
    summary: ClassVar[str] = "numbers up to 999,999 in words, English to German by default (num2words; no network)"

    source: str | None = "en"
    target: str | None = "de"
    split: tuple[float, float, float] = (0.8, 0.05, 0.15)
    vocabulary_size: Annotated[int, AtLeast(260)] = 384
    numbers: Annotated[int, AtLeast(200)] = 6000

    def pairs(self, data_dir: Path) -> PairSource:
        from attnframe_nlp.sentence_pairs.number_words import NumberWordsSource

        return NumberWordsSource(str(self.source), str(self.target), self.numbers, self.split)
