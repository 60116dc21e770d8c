"""What a report shows of a test pass besides its metrics."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from torch import Tensor

from attnframe.pictures import Panel


class Exhibit(ABC):
    """Looks on while a module is tested, and then says what to draw.

    It must be cheap: it keeps a few examples, or sums, and leaves what takes time to `panels`, which comes after the
    pass and is not part of its time. It draws no random numbers.
    """

    @abstractmethod
    def update(self, batch: Any, outputs: Tensor) -> None:
        """See one batch of the test examples, as `TaskModule.update_metrics` does, without gradients.

        Args:
            batch: on the module's device. outputs: of its loss, in float32 where they are no integers.
        """

    @abstractmethod
    def panels(self) -> list[Panel]:
        """The drawings, in the order in which they are shown; without gradients, the module in evaluation mode."""


class FirstExamples:
    """The first examples of a test pass, with their outputs.

    Args:
        most: how many; no more than the first batch holds.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: tuple[dict[str, Tensor], Tensor] | None = None

    def update(self, batch: dict[str, Tensor], outputs: Tensor) -> None:
        """See one batch; as `Exhibit.update`."""
        if self.kept is None:
            self.kept = {name: part[: self.most] for name, part in batch.items()}, outputs[: self.most]


class Mistake(NamedTuple):
    """One wrong answer: its probability, the example, and the numbers of the true class and of the answer."""

    share: float
    example: Tensor
    true: int
    answer: int


class SurestMistakes:
    """The wrong answers of a classifier that it was surest of, the surest first.

    Args:
        most: how many.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: list[Mistake] = []

    def update(self, examples: Tensor, labels: Tensor, logits: Tensor) -> None:
        """See one batch.

        Args:
            examples: (n, ...). labels: (n,) int64. logits: (n, C).
        """
        sure, answers = logits.softmax(1).max(1)
        wrong = sure.masked_fill(answers == labels, -1.0)
        most, at = wrong.topk(min(self.most, len(wrong)))
        found = [
            Mistake(share, examples[number].cpu(), int(labels[number]), int(answers[number]))
            for share, number in zip(most.tolist(), at.tolist(), strict=True)
            if share >= 0
        ]
        self.kept = sorted([*self.kept, *found], key=lambda one: -one.share)[: self.most]
