"""What was said, and what was understood."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torchmetrics.functional.text import char_error_rate

from attnframe.pictures import Panel
from attnframe.plugin.exhibit import Exhibit, FirstExamples
from attnframe.plugin.task_module import Batch
from attnframe_speech.letters import Letters

MOST = 10
"""Recordings that are shown, the first ones."""


class Transcripts(Exhibit):
    """The first test recordings.

    Args:
        letters: that are written.
        decoded: from encoded positions (B, T', D) and frames (B,) to the numbers of the letters of each recording.
    """

    def __init__(self, letters: Letters, decoded: Callable[[Tensor, Tensor], list[list[int]]]) -> None:
        self.letters, self.decoded = letters, decoded
        self._first = FirstExamples(MOST)

    def update(self, batch: Batch, outputs: Tensor) -> None:
        self._first.update(batch, outputs)

    def panels(self) -> list[Panel]:
        if self._first.kept is None:
            return []
        batch, states = self._first.kept
        said = [self.letters.text(numbers) for numbers in self.decoded(states, batch["frames"])]
        truth = [
            self.letters.text(row[:length])
            for row, length in zip(batch["letters"].tolist(), batch["lengths"].tolist(), strict=True)
        ]
        rows = [
            [reference, found, round(float(char_error_rate([found], [reference])), 4)]
            for reference, found in zip(truth, said, strict=True)
        ]
        columns = ["reference", "understood", "letter errors"]
        return [Panel("table", {"columns": columns, "rows": rows, "title": "The first test recordings"})]
