"""Nested lists of operations on digits, drawn at random."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable
from typing import Final

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import SPLIT_SEED, TRAIN
from attnframe_nlp.data.labelled.texts import Texts, TextSource

OPERATIONS: Final[dict[str, Callable[[list[int]], int]]] = {
    "MAX": max,
    "MIN": min,
    "MED": statistics.median_low,
    "SM": lambda values: sum(values) % 10,
}
"""What a list may do with its elements; of an even number of them, MED is the lower of the two middle ones."""
LIST_SHARE: Final = 0.35
"""Probability that an element is a list while there is room for one."""
TRIES: Final = 20
"""Expressions drawn for each that is kept, before giving up."""


class ListOpsSource(TextSource):
    """Expressions such as ``[MAX 2 9 [MIN 4 7 ] 0 ]`` with their values, each expression once.

    Args:
        examples: number of expressions.
        max_length: most tokens. nesting: most lists inside one another. arguments: most elements of a list.
    """

    def __init__(self, examples: int, max_length: int, nesting: int, arguments: int) -> None:
        self.examples, self.max_length, self.nesting, self.arguments = examples, max_length, nesting, arguments

    def read(self) -> Texts:
        generator = random.Random(SPLIT_SEED)
        found: dict[str, str] = {}
        for _ in range(TRIES * self.examples):
            words, value = drawn_list(generator, self.nesting, self.arguments)
            if len(words) <= self.max_length:
                found.setdefault(" ".join(words), str(value))
            if len(found) == self.examples:
                return Texts(tuple(found), tuple(found.values()), np.full(len(found), TRAIN, np.uint8))
        works = "Raise data.nesting, data.arguments or data.max_length, or lower data.examples."
        must = f"must be at most the different expressions that are drawn: {len(found)}"
        raise DataError(Fault("data.examples", must, str(self.examples), works))


def drawn_list(generator: random.Random, nesting: int, arguments: int) -> tuple[list[str], int]:
    """The words of a random list and its value, from 0 to 9.

    Args:
        generator: drawn from. nesting: most lists inside one another. arguments: most elements.
    """
    name = generator.choice([*OPERATIONS])
    words = [f"[{name}"]
    values: list[int] = []
    for _ in range(generator.randint(2, arguments)):
        if nesting > 1 and generator.random() < LIST_SHARE:
            inner, value = drawn_list(generator, nesting - 1, arguments)
        else:
            value = generator.randrange(10)
            inner = [str(value)]
        words += inner
        values.append(value)
    return [*words, "]"], OPERATIONS[name](values)
