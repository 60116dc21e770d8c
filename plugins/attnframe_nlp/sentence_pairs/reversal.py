"""Sequences of letters and their reversal."""

from __future__ import annotations

import random
from string import ascii_lowercase
from typing import Final

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import SPLIT_SEED
from attnframe_nlp.sentence_pairs.pairs import Pairs, PairSource, completed

TRIES: Final = 20
"""Sequences drawn for each that is kept, before giving up."""


class ReversalSource(PairSource):
    """Random sequences, each once, with spaces between the letters.

    Args:
        examples: number of sequences. letters: different letters.
        shortest: fewest letters of a sequence. longest: most.
        split: fractions of train, val and test.
    """

    def __init__(
        self, examples: int, letters: int, shortest: int, longest: int, split: tuple[float, float, float]
    ) -> None:
        self.examples, self.letters = examples, ascii_lowercase[:letters]
        self.shortest, self.longest, self.split = shortest, longest, split

    def read(self) -> Pairs:
        generator = random.Random(SPLIT_SEED)
        found: dict[str, str] = {}
        for _ in range(TRIES * self.examples):
            letters = generator.choices(self.letters, k=generator.randint(self.shortest, self.longest))
            found[" ".join(letters)] = " ".join(reversed(letters))
            if len(found) == self.examples:
                return completed({"train": [*found.items()]}, self.split, "data=reversal")
        must = f"must be at most the different sequences that are drawn: {len(found)}"
        raise DataError(Fault("data.examples", must, str(self.examples), "Raise data.letters or data.longest."))
