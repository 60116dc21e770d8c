"""`data=text_csv`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import frozen
from attnframe_nlp.recipes.labelled_texts import LabelledTexts

if TYPE_CHECKING:
    from attnframe_nlp.data.labelled.texts import TextSource


@frozen
class TextCsv(LabelledTexts):
    """A user's own texts: a table with the columns ``text`` and ``label`` and, on request, ``split`` (train, val or
    test). UTF-8.

    Args:
        path: a file, or a folder with ``train.csv`` and, on request, ``val.csv`` and ``test.csv``.
    """

    name: ClassVar[str] = "text_csv"
    summary: ClassVar[str] = "your own texts: data.path=FILE with the columns text and label, or a folder (UTF-8)"

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be given", "Try data.path=FILE_OR_FOLDER.")

    def source(self, data_dir: Path) -> TextSource:
        from attnframe_nlp.data.labelled.text_csv import TextCsvSource

        return TextCsvSource(Path(self.path or ""))
