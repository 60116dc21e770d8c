"""The text of `pydoc_data.topics`."""

from __future__ import annotations

from attnframe_nlp.data.source import Corpus, Source, parted
from attnframe_nlp.data.text import TextInMemory


class PythonDocsSource(Source):
    """The topics of Python's `help()` in the order of their names.

    Many topics repeat paragraphs of others; each paragraph is kept where it occurs first, or the test part would hold
    much of the training part.

    Args:
        split: fractions of train, val and test.
    """

    def __init__(self, split: tuple[float, float, float]) -> None:
        self.split = split

    def read(self) -> Corpus:
        from pydoc_data.topics import topics

        paragraphs = [paragraph for name in sorted(topics) for paragraph in topics[name].strip("\n").split("\n\n")]
        return parted([TextInMemory("\n\n".join(dict.fromkeys(paragraphs)) + "\n")], self.split, "data=python_docs")
