"""`data=associative_recall`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, Between, frozen

if TYPE_CHECKING:
    from attnframe_nlp.data.associative_recall import RecallModule


@frozen
class AssociativeRecall(DataRecipe):
    """Multi-query associative recall (Arora et al. 2023, https://arxiv.org/abs/2312.04927), generated with seed 0.

    A sequence first shows pairs of a key and a value, all keys different; then keys come again in another order, each
    followed by its value. Only those last values are asked for, so a model is measured by what it looks up. Keys are
    Latin letters and values Cyrillic ones, so that no token is both.

    Args:
        batch_size: sequences a step.
        pairs: pairs that are shown in a sequence; all of them are asked for.
        keys: different keys that there are, at least `pairs`.
        values: different values that there are.
        examples: number of sequences, split by `split`.
    """

    name: ClassVar[str] = "associative_recall"
    summary: ClassVar[str] = (
        "keys with values, then the keys again: each value is to be recalled (made here, no network)"
    )

    batch_size: Annotated[int, AtLeast(1)] = 64
    split: tuple[float, float, float] = (0.9, 0.05, 0.05)
    pairs: Annotated[int, Between(1, 52)] = 6
    keys: Annotated[int, Between(1, 52)] = 16
    values: Annotated[int, Between(2, 32)] = 16
    examples: Annotated[int, AtLeast(100)] = 20_000

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.keys < self.pairs:
            yield self.fault("keys", f"must be at least data.pairs={self.pairs}")
        if min(self.split) <= 0:
            yield self.fault("split", "must leave some sequences to each part", "Try [0.9,0.05,0.05].")

    @property
    def context(self) -> int:
        """Tokens that a model reads of a sequence: all but the last one."""
        return 4 * self.pairs - 1

    def nominal_facts(self) -> Facts:
        letters = "".join(chr(ord("а") + number) for number in range(self.values))
        vocabulary = LETTERS[: self.keys] + letters
        return {
            "tokenizer": {"name": "character", "vocabulary": vocabulary},
            "vocabulary_size": len(vocabulary),
            "context": self.context,
            "asked": True,
        }

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> RecallModule:
        from attnframe_nlp.data.associative_recall import RecallModule

        return RecallModule(self)


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""The keys, in the order of code points."""
