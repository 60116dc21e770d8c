"""Settings that all texts with labels share. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, frozen

if TYPE_CHECKING:
    from attnframe_nlp.data.labelled.module import LabelledModule
    from attnframe_nlp.data.labelled.texts import TextSource


@frozen
class LabelledTexts(DataRecipe, ABC):
    """Texts with a label each. Parts that the data do not bring are cut off by `split`, class by class.

    Args:
        batch_size: texts a step.
        tokens: what a token is: ``word``, ``character``, ``byte`` (of the UTF-8 form) or ``bpe`` (byte pair encoding,
            learnt from the training part).
        lowercase: whether case is folded.
        min_count: fewest times that a word or character must occur in training to have a vector of its own; rarer ones
            share one.
        vocabulary_size: most tokens that ``bpe`` may have; the others ignore it.
        max_length: tokens that are read of a text; the rest is left out.
        subwords: vectors that the pieces of a word (3 to 5 characters) are hashed into, so that words that were never
            seen have one (Bojanowski et al. 2017, https://arxiv.org/abs/1607.04606); 0 for none. For tokens=word.
        evidence: whether a token brings what it, and the pair that it makes with the one before, say about each class,
            counted in the training part: the log-count ratios of naive Bayes (Wang and Manning 2012,
            https://aclanthology.org/P12-2018). For small sets.
    """

    floor_features: ClassVar[Literal["words", "positions"]] = "words"
    """What naive Bayes, the floor, reads."""

    batch_size: Annotated[int, AtLeast(1)] = 64
    tokens: Literal["word", "character", "byte", "bpe"] = "word"
    lowercase: bool = True
    min_count: Annotated[int, AtLeast(1)] = 2
    vocabulary_size: Annotated[int, AtLeast(257)] = 4096
    max_length: Annotated[int, AtLeast(1)] = 256
    subwords: Annotated[int, AtLeast(0)] = 0
    evidence: bool = False

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.subwords and self.tokens != "word":
            yield self.fault("subwords", f"must be 0 with data.tokens={self.tokens}", "Try data.tokens=word.")

    def nominal_facts(self) -> Facts:
        return {
            "classes": ["first", "second"],
            "vocabulary": {"kind": "word", "lowercase": True, "pieces": ["word"]},
            "vocabulary_size": 1000,
            "stops": [2],
            "max_length": self.max_length,
            "subwords": self.subwords,
            "evidence": {"keys": [0], "tokens": [[0.0, 0.0]] * 1000, "pairs": [[0.0, 0.0]]} if self.evidence else {},
        }

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> LabelledModule:
        from attnframe_nlp.data.labelled.module import LabelledModule

        return LabelledModule(self, self.source(data_dir))

    @abstractmethod
    def source(self, data_dir: Path) -> TextSource:
        """Where the texts come from; nothing is read yet."""
