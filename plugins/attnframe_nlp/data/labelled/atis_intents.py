"""The intents of ATIS."""

from __future__ import annotations

from pathlib import Path

from attnframe_nlp.data.labelled.texts import Texts, TextSource
from attnframe_nlp.data.tagged.atis import AtisSource


class AtisIntentsSource(TextSource):
    """The sentences of `AtisSource` with their intents.

    Args:
        data_dir: root of the datasets.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir

    def read(self) -> Texts:
        found = AtisSource(self.data_dir).read()
        texts = tuple(" ".join(tokens) for tokens in found.tokens)
        return Texts(texts, found.intents, found.parts, found.protocol)
