"""`data=python_topics`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe_nlp.recipes.labelled_texts import LabelledTexts

if TYPE_CHECKING:
    from attnframe_nlp.data.labelled.texts import TextSource


@frozen
class PythonTopics(LabelledTexts):
    """Paragraphs of the language reference that every Python carries for its `help()`, labelled with the chapter that
    they are from.

    The text differs a little between Python versions, so compare accuracies within one version only.
    """

    name: ClassVar[str] = "python_topics"
    summary: ClassVar[str] = (
        "paragraphs of Python's language reference by chapter, embedded in every Python (PSF licence; no network)"
    )

    max_length: Annotated[int, AtLeast(1)] = 64

    def source(self, data_dir: Path) -> TextSource:
        from attnframe_nlp.data.labelled.python_topics import PythonTopicsSource

        return PythonTopicsSource()
