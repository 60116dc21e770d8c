"""Settings that all sentences with tags share. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, frozen

if TYPE_CHECKING:
    from attnframe_nlp.data.tagged.module import TaggedModule
    from attnframe_nlp.data.tagged.sentences import SentenceSource


@frozen
class TaggedTokens(DataRecipe, ABC):
    """Sentences with a tag for each token. Parts that the data do not bring are cut off by `split`.

    Args:
        batch_size: sentences a step.
        lowercase: whether case is folded.
        min_count: fewest times that a token must occur in training to have a vector of its own; rarer ones share one.
        max_length: most tokens that are read at once; a longer sentence is cut into pieces.
        subwords: vectors that the pieces of a word (3 to 5 characters) are hashed into, so that words that were never
            seen have one (Bojanowski et al. 2017, https://arxiv.org/abs/1607.04606); 0 for none.
    """

    floor_window: ClassVar[int] = 0
    """Tokens on each side that the floor reads: 0 takes the most frequent tag of the word, more is naive Bayes."""
    split_into: ClassVar[Literal["word", "character"]] = "word"
    """How a text to predict for is split."""
    with_intents: ClassVar[bool] = False
    """Whether sentences have an intent."""

    batch_size: Annotated[int, AtLeast(1)] = 32
    lowercase: bool = True
    min_count: Annotated[int, AtLeast(1)] = 2
    max_length: Annotated[int, AtLeast(1)] = 256
    subwords: Annotated[int, AtLeast(0)] = 0

    def nominal_facts(self) -> Facts:
        return {
            "tags": ["B-kind", "I-kind", "O"],
            "intents": ["first", "second"] if self.with_intents else [],
            "vocabulary": {"kind": self.split_into, "lowercase": self.lowercase, "pieces": ["word"]},
            "vocabulary_size": 1000,
            "stops": [],
            "max_length": self.max_length,
            "subwords": self.subwords,
        }

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> TaggedModule:
        from attnframe_nlp.data.tagged.module import TaggedModule

        return TaggedModule(self, self.source(data_dir))

    @abstractmethod
    def source(self, data_dir: Path) -> SentenceSource:
        """Where the sentences come from; nothing is read yet."""
