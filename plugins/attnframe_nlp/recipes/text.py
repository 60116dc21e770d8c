"""Settings that all texts share: tokenizer and context. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import DataRecipe, Facts
from attnframe.recipe import AtLeast, frozen

if TYPE_CHECKING:
    from attnframe_nlp.data.module import TextModule
    from attnframe_nlp.data.source import Source


@frozen
class TextData(DataRecipe, ABC):
    """A text to learn, cut into windows.

    Training takes windows at random places, one epoch being as many tokens as the training part holds. Validation and
    test take the whole part in windows that do not overlap, the last one shorter. `split` cuts the text in its order:
    train first, test last.

    Args:
        batch_size: windows a step.
        tokenizer: ``character`` (every character of the text), ``byte`` (of its UTF-8 form) or ``bpe`` (byte pair
            encoding, learnt from the training part).
        vocabulary_size: most tokens that ``bpe`` may have; the others ignore it.
        context: tokens a window; also the most that generation reads back.
    """

    batch_size: Annotated[int, AtLeast(1)] = 8
    tokenizer: Literal["character", "byte", "bpe"] = "character"
    vocabulary_size: Annotated[int, AtLeast(257)] = 2048
    context: Annotated[int, AtLeast(2)] = 256

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if min(self.split) <= 0:
            yield self.fault("split", "must leave some of the text to each part", "Try [0.8,0.1,0.1].")

    def nominal_facts(self) -> Facts:
        # A character vocabulary is known only after reading; 96 is that of English prose with its line break.
        size = {"character": 96, "byte": 256, "bpe": self.vocabulary_size}[self.tokenizer]
        return {"tokenizer": {"name": "byte"}, "vocabulary_size": size, "context": self.context}

    def build(self, *, data_dir: Path, cache_dir: Path, seed: int) -> TextModule:
        from attnframe_nlp.data.module import TextModule

        return TextModule(self, self.source(data_dir), cache_dir)

    @abstractmethod
    def source(self, data_dir: Path) -> Source:
        """Where the text comes from; nothing is read yet."""
