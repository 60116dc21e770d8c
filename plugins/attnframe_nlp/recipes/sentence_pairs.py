"""Settings that all sets of sentence pairs share: languages and vocabularies. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, frozen

if TYPE_CHECKING:
    from attnframe_nlp.sentence_pairs.module import PairsModule
    from attnframe_nlp.sentence_pairs.pairs import PairSource


@frozen
class SentencePairs(DataRecipe, ABC):
    """Sentences in two languages, pair by pair.

    Args:
        batch_size: pairs a step.
        source: language that is translated from.
        target: language that is translated into.
        tokenizer: ``bpe`` (byte pair encoding, one vocabulary of both languages) or ``word`` (words and punctuation
            marks, a vocabulary for each language; other words are unknown).
        vocabulary_size: most tokens that ``bpe`` may have; ``word`` ignores it.
        min_count: times that a word must occur in the training part to be in the vocabulary of ``word``; ``bpe``
            ignores it.
        lower_case: whether the model reads and writes lower case only.
        tokenised: whether the sentences are tokens with spaces between them already; BLEU then counts these tokens.
        max_length: most tokens of a sentence; longer pairs are left out of training, longer sentences cut elsewhere.
    """

    batch_size: Annotated[int, AtLeast(1)] = 32
    source: str | None = None
    target: str | None = None
    tokenizer: Literal["bpe", "word"] = "bpe"
    vocabulary_size: Annotated[int, AtLeast(260)] = 4000
    min_count: Annotated[int, AtLeast(1)] = 2
    lower_case: bool = False
    tokenised: bool = False
    max_length: Annotated[int, AtLeast(2)] = 128

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        for name in ("source", "target"):
            if getattr(self, name) is None:
                yield self.fault(name, "must be given", self._advice(name))
        if self.source is not None and self.source == self.target:
            yield self.fault("target", f"must differ from data.source={self.source}")

    def _advice(self, name: str) -> str:
        """What to give as the language `name`."""
        return f"Try data.{name}=de."

    def nominal_facts(self) -> Facts:
        size = self.vocabulary_size if self.tokenizer == "bpe" else 8000
        return {
            "source": self.source,
            "target": self.target,
            "joint": self.tokenizer == "bpe",
            "source_vocabulary": {"name": "bytes"},
            "target_vocabulary": {"name": "bytes"},
            "source_size": size,
            "target_size": size,
            "tokenised": self.tokenised,
            "max_length": self.max_length,
        }

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> PairsModule:
        from attnframe_nlp.sentence_pairs.module import PairsModule

        return PairsModule(self, self.pairs(data_dir))

    @abstractmethod
    def pairs(self, data_dir: Path) -> PairSource:
        """Where the sentences come from; nothing is read yet."""
