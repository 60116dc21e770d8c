"""`data=sst2`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe_nlp.recipes.labelled_texts import LabelledTexts

if TYPE_CHECKING:
    from attnframe_nlp.data.labelled.texts import TextSource


@frozen
class Sst2(LabelledTexts):
    """Sentences of film reviews, positive or negative (Socher et al. 2013, https://aclanthology.org/D13-1170): 6,920,
    872 and 1,821 sentences, the official parts, so `split` is not used.

    Neither the phrases of the treebank nor GLUE's set of the same name, which are other tasks.
    """

    name: ClassVar[str] = "sst2"
    summary: ClassVar[str] = "9,613 sentences of film reviews, positive or negative (for research; 1 MB)"

    min_count: Annotated[int, AtLeast(1)] = 1
    max_length: Annotated[int, AtLeast(1)] = 64

    def source(self, data_dir: Path) -> TextSource:
        from attnframe_nlp.data.labelled.sst2 import Sst2Source

        return Sst2Source(data_dir)

    def download(self, data_dir: Path) -> None:
        from attnframe_nlp.data.labelled.sst2 import FILES
        from attnframe_nlp.data.sequences.published import ready_all

        ready_all(FILES, data_dir)
