"""Sentences with their references and translations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor

from attnframe.pictures import Panel
from attnframe.plugin.exhibit import Exhibit
from attnframe_nlp.sentence_pairs.split import PairBatch
from attnframe_nlp.sentence_pairs.vocabulary import Vocabulary

MOST = 8
"""Sentences that are shown, the first ones."""


class Translations(Exhibit):
    """The first test sentences.

    Args:
        reading: the vocabulary of the sources. translated: from tokens (B, S) of sources to translations.
    """

    def __init__(self, reading: Vocabulary, translated: Callable[[Tensor], Sequence[str]]) -> None:
        self.reading, self.translated = reading, translated
        self._first: tuple[Tensor, Sequence[str]] | None = None

    def update(self, batch: PairBatch, outputs: Tensor) -> None:
        if self._first is None:
            self._first = batch["source"][:MOST], batch["references"][:MOST]

    def panels(self) -> list[Panel]:
        if self._first is None:
            return []
        sources, references = self._first
        shown = [self.reading.decode(tokens) for tokens in sources.tolist()]
        rows = [list(row) for row in zip(shown, references, self.translated(sources), strict=True)]
        columns = ["source", "reference", "translation"]
        return [Panel("table", {"columns": columns, "rows": rows, "title": "The first test sentences"})]
