"""`data=trec6`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe_nlp.recipes.labelled_texts import LabelledTexts

if TYPE_CHECKING:
    from attnframe_nlp.data.labelled.texts import TextSource


@frozen
class Trec6(LabelledTexts):
    """Questions by what their answer is: an abbreviation, a thing, a description, a person, a place or a number (Li and
    Roth 2002, https://aclanthology.org/C02-1150): 5,452 questions to train on, of which validation is cut off, and 500
    to test."""

    name: ClassVar[str] = "trec6"
    summary: ClassVar[str] = "5,952 questions by the kind of their answer, 6 classes (for research; 0.4 MB)"

    split: tuple[float, float, float] = (0.9, 0.1, 0.0)
    min_count: Annotated[int, AtLeast(1)] = 1
    max_length: Annotated[int, AtLeast(1)] = 48

    def source(self, data_dir: Path) -> TextSource:
        from attnframe_nlp.data.labelled.trec6 import Trec6Source

        return Trec6Source(data_dir)

    def download(self, data_dir: Path) -> None:
        from attnframe_nlp.data.labelled.trec6 import FILES
        from attnframe_nlp.data.sequences.published import ready_all

        ready_all(FILES, data_dir)
