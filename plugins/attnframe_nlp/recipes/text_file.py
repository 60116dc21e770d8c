"""`data=text_file`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import frozen
from attnframe_nlp.recipes.text import TextData

if TYPE_CHECKING:
    from attnframe_nlp.data.source import Source


@frozen
class TextFile(TextData):
    """A user's own text, UTF-8: a file, or every ``.txt`` file below a folder in the order of their paths.

    The text may be larger than memory.

    Args:
        path: the file or folder.
    """

    name: ClassVar[str] = "text_file"
    summary: ClassVar[str] = "your own text: data.path=FILE, or a folder of .txt files (UTF-8)"

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be given", "Try data.path=FILE_OR_FOLDER.")

    def source(self, data_dir: Path) -> Source:
        from attnframe_nlp.data.text_file import TextFileSource

        return TextFileSource(Path(self.path or ""), self.split)
