"""How tags and intents go wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor

from attnframe.pictures import Panel
from attnframe.plugin.class_scores import ClassScores
from attnframe.plugin.exhibit import Exhibit
from attnframe_nlp.data.tagged.module import IGNORED, TaggedBatch

MOST = 8
"""Sentences that are shown."""


class Tags(Exhibit):
    """Confusion and scores of tags, of intents where there are any, and the first sentences that went wrong.

    Args:
        tags, intents: their names.
        parted: from outputs to logits of tags (B, T, tags) and of intents (B, intents).
        shown: from the token ids and tags of a sentence to what is read.
    """

    def __init__(
        self,
        tags: Sequence[str],
        intents: Sequence[str],
        parted: Callable[[Tensor], tuple[Tensor, Tensor]],
        shown: Callable[[Sequence[int], Sequence[str]], str],
    ) -> None:
        self.tags, self.parted, self.shown = tags, parted, shown
        self.of_tags = ClassScores(tags, "tokens")
        self.of_intents = ClassScores(intents, "sentences") if intents else None
        self._wrong: list[tuple[list[int], list[int], list[int]]] = []

    def update(self, batch: TaggedBatch, outputs: Tensor) -> None:
        logits, intents = self.parted(outputs)
        truth = batch["tags"]
        counted = truth != IGNORED
        self.of_tags.update(logits[counted].softmax(1), truth[counted])
        if self.of_intents is not None:
            self.of_intents.update(intents.softmax(1), batch["intents"])
        if len(self._wrong) < MOST:
            answers = logits.argmax(2)
            wrong = ((answers != truth) & counted).any(1).nonzero().flatten().tolist()
            for number in wrong[: MOST - len(self._wrong)]:
                keep = counted[number]
                tokens, right, said = (part[number][keep].tolist() for part in (batch["tokens"], truth, answers))
                self._wrong.append((tokens, right, said))

    def panels(self) -> list[Panel]:
        found = self.of_tags.panels()
        if self.of_intents is not None:
            found += self.of_intents.panels()
        if self._wrong:
            rows = [
                [self.shown(tokens, [self.tags[tag] for tag in tags]) for tags in (truth, answers)]
                for tokens, truth, answers in self._wrong
            ]
            title = "The first test sentences with a wrong tag"
            found.append(Panel("table", {"columns": ["true", "answer"], "rows": rows, "title": title}))
        return found
