"""`data=python_docs`. Torch-free."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.recipe import frozen
from attnframe_nlp.recipes.text import TextData

if TYPE_CHECKING:
    from attnframe_nlp.data.source import Source


@frozen
class PythonDocs(TextData):
    """The language reference that every Python carries for its `help()`: topics by name, a paragraph that several
    share once.

    The text differs a little between Python versions, so compare losses within one version only; the run's data hash
    tells them apart.
    """

    name: ClassVar[str] = "python_docs"
    summary: ClassVar[str] = (
        "Python's language reference, embedded in every Python (0.4 M characters, PSF licence; no network)"
    )

    def source(self, data_dir: Path) -> Source:
        from attnframe_nlp.data.python_docs import PythonDocsSource

        return PythonDocsSource(self.split)
