"""Metrics of tagging: F1 of spans as conlleval defines it, and sentences that are right as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import torch
from torch import Tensor
from torchmetrics import Metric

OUTSIDE: Final = "O"
_ENDING: Final = "ES"
"""Marks after which a span is over, whatever follows: E and S of IOBES."""


def marks_spans(tags: Iterable[str]) -> bool:
    """Whether tags say where spans begin and go on: all are ``O``, or a mark of B, I, E or S, a hyphen and a kind, and
    some begin."""
    found = list(tags)
    spans = [tag for tag in found if tag != OUTSIDE]
    return all(len(tag) > 2 and tag[1] == "-" and tag[0] in "BIES" for tag in spans) and any(
        tag[0] in "BS" for tag in spans
    )


class SpanF1(Metric):
    r"""F1 of spans over a whole part, micro-averaged: a span counts when its first token, its last token and its kind
    are right (Tjong Kim Sang and Buchholz 2000, https://aclanthology.org/W00-0726, the script conlleval; the package
    seqeval with its default mode gives the same).

    .. math:: F_1 = \frac{2 \cdot \text{right}}{\text{answered} + \text{true}}

    A span begins at B or S, and at I or E after ``O``, after a span of another kind, or after E or S. It ends before
    the next one begins, and before ``O``.

    Args:
        tags: names of the tags, by number.
    """

    higher_is_better = True
    full_state_update = False
    right: Tensor
    total: Tensor
    kinds: Tensor
    begins: Tensor
    ends: Tensor

    def __init__(self, tags: Sequence[str]) -> None:
        super().__init__()
        kinds = {kind: number for number, kind in enumerate(sorted({tag[2:] for tag in tags if tag != OUTSIDE}), 1)}
        # One more tag stands for what is not counted, which is outside every span.
        names = [*tags, OUTSIDE]
        self.register_buffer("kinds", torch.tensor([kinds.get(tag[2:], 0) for tag in names]), persistent=False)
        begins = torch.tensor([tag[0] in "BS" for tag in names])
        ends = torch.tensor([tag != OUTSIDE and tag[0] in _ENDING for tag in names])
        self.register_buffer("begins", begins, persistent=False)
        self.register_buffer("ends", ends, persistent=False)
        self.add_state("right", torch.zeros((), dtype=torch.int64), dist_reduce_fx="sum")
        self.add_state("total", torch.zeros((), dtype=torch.int64), dist_reduce_fx="sum")

    def update(self, answers: Tensor, tags: Tensor) -> None:
        """Count sentences.

        Args:
            answers: (B, T) tags answered. tags: (B, T) true tags; tokens with a negative one are outside both ways.
        """
        uncounted = len(self.kinds) - 1
        answers, tags = answers.masked_fill(tags < 0, uncounted), tags.masked_fill(tags < 0, uncounted)
        (start, stop), (true_start, true_stop) = self.spans(answers), self.spans(tags)
        same_kind = self.kinds[answers] == self.kinds[tags]
        self.right += (start & true_start & same_kind & (stop == true_stop)).sum()
        self.total += start.sum() + true_start.sum()

    def spans(self, tags: Tensor) -> tuple[Tensor, Tensor]:
        """Where spans begin (B, T), bool, and for each token where the span that it is in is over (B, T)."""
        kind, length = self.kinds[tags], tags.shape[1]
        before = torch.full_like(tags, len(self.kinds) - 1)
        before[:, 1:] = tags[:, :-1]
        inside = kind > 0
        start = inside & (self.begins[tags] | (kind != self.kinds[before]) | self.ends[before])
        # A token at which a span begins, or which is outside, is where the one before it is over.
        place = torch.arange(length, device=tags.device)
        over = torch.where(start | ~inside, place, length)
        after = torch.full_like(over, length)
        after[:, :-1] = over[:, 1:]
        return start, after.flip(1).cummin(1).values.flip(1)

    def compute(self) -> Tensor:
        return 2 * self.right / self.total.clamp(min=1)


class SentenceAccuracy(Metric):
    """Share of the sentences whose tags and intent are all right."""

    higher_is_better = True
    full_state_update = False
    right: Tensor
    total: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.add_state("right", torch.zeros((), dtype=torch.int64), dist_reduce_fx="sum")
        self.add_state("total", torch.zeros((), dtype=torch.int64), dist_reduce_fx="sum")

    def update(self, answers: Tensor, tags: Tensor, intent_is_right: Tensor) -> None:
        """Count sentences.

        Args:
            answers: (B, T) tags answered. tags: (B, T) true tags; tokens with a negative one do not count.
            intent_is_right: (B,) bool.
        """
        right = ((answers == tags) | (tags < 0)).all(1) & intent_is_right
        self.right += right.sum()
        self.total += len(right)

    def compute(self) -> Tensor:
        return self.right / self.total.clamp(min=1)
