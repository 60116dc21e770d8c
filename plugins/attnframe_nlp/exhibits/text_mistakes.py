"""Texts whose wrong label the model was surest of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor

from attnframe.pictures import Panel
from attnframe.plugin.exhibit import Exhibit, SurestMistakes
from attnframe_nlp.data.labelled.module import LabelledBatch

MOST = 8
"""Texts that are shown."""
LONGEST = 240
"""Characters of a text that are shown."""


class TextMistakes(Exhibit):
    """The surest of the wrong answers.

    Args:
        classes: their names. text: from the token ids of a text to what is shown of it.
    """

    def __init__(self, classes: Sequence[str], text: Callable[[Sequence[int]], str]) -> None:
        self.classes, self.text = classes, text
        self._surest = SurestMistakes(MOST)

    def update(self, batch: LabelledBatch, outputs: Tensor) -> None:
        self._surest.update(batch["tokens"], batch["labels"], outputs)

    def panels(self) -> list[Panel]:
        if not self._surest.kept:
            return []
        rows = [
            [_short(self.text(tokens.tolist())), str(self.classes[true]), str(self.classes[answer]), f"{share:.0%}"]
            for share, tokens, true, answer in self._surest.kept
        ]
        columns = ["text", "true", "answer", "sure"]
        return [Panel("table", {"columns": columns, "rows": rows, "title": "The surest mistakes"})]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
