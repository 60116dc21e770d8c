"""`data=conll_file`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import frozen
from attnframe_nlp.recipes.tagged_tokens import TaggedTokens

if TYPE_CHECKING:
    from attnframe_nlp.data.tagged.sentences import SentenceSource


@frozen
class ConllFile(TaggedTokens):
    """A user's own tagged sentences: a token and its tag in each line, an empty line behind each sentence (the form of
    the shared tasks of CoNLL). UTF-8.

    Args:
        path: a file, or a folder with ``train.conll`` and, on request, ``val.conll`` and ``test.conll``.
    """

    name: ClassVar[str] = "conll_file"
    summary: ClassVar[str] = "your own tagged sentences: data.path=FILE, or a folder of train, val and test (UTF-8)"

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.path is None:
            yield self.fault("path", "must be given", "Try data.path=FILE_OR_FOLDER.")

    def source(self, data_dir: Path) -> SentenceSource:
        from attnframe_nlp.data.tagged.conll_file import ConllSource

        return ConllSource(Path(self.path or ""))
