"""`data=reversal`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.recipe import AtLeast, Between, frozen
from attnframe_nlp.recipes.sentence_pairs import SentencePairs

if TYPE_CHECKING:
    from attnframe_nlp.sentence_pairs.pairs import PairSource


@frozen
class Reversal(SentencePairs):
    """Sequences of letters and their reversal, generated with seed 0: what attention across sequences must solve, by
    place alone (an algorithmic task since Grefenstette et al. 2015, https://arxiv.org/abs/1506.02516). No sequence
    occurs twice.

    Args:
        letters: different letters.
        shortest: fewest letters of a sequence. longest: most.
        examples: number of sequences, split by `split`.
    """

    name: ClassVar[str] = "reversal"
    summary: ClassVar[str] = "sequences of letters, to be written backwards (made here, no network)"

    source: str | None = "forward"
    target: str | None = "backward"
    split: tuple[float, float, float] = (0.9, 0.05, 0.05)
    batch_size: Annotated[int, AtLeast(1)] = 64
    tokenizer: Literal["bpe", "word"] = "word"
    min_count: Annotated[int, AtLeast(1)] = 1
    tokenised: bool = True
    max_length: Annotated[int, AtLeast(2)] = 17
    letters: Annotated[int, Between(2, 26)] = 16
    shortest: Annotated[int, AtLeast(1)] = 6
    longest: Annotated[int, AtLeast(1)] = 14
    examples: Annotated[int, AtLeast(100)] = 8000

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.shortest > self.longest:
            yield self.fault("shortest", f"must be at most data.longest={self.longest}")
        if self.longest >= self.max_length:
            yield self.fault("longest", f"must be below data.max_length={self.max_length}: the end is a token too")

    def pairs(self, data_dir: Path) -> PairSource:
        from attnframe_nlp.sentence_pairs.reversal import ReversalSource

        return ReversalSource(self.examples, self.letters, self.shortest, self.longest, self.split)
