"""Average precision of boxes in COCO's definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor
from torchmetrics import Metric
from torchmetrics.detection import MeanAveragePrecision

from attnframe_vision.detection.data.scenes import NO_OBJECT

MOST_BOXES = 100
"""Boxes of a picture that count, those with the highest scores: COCO's limit."""
NAMES = {"map50": "map_50", "map": "map"}
"""Public name of each metric and its name in torchmetrics."""


@dataclass(frozen=True)
class Found:
    """Boxes that were found in one picture.

    Args:
        boxes: (n, 4) left, top, right, bottom in pixels.
        scores: (n,) in [0, 1]. labels: (n,) class indices.
    """

    boxes: Tensor
    scores: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Objects:
    """The objects that are in one picture.

    Args:
        boxes: (n, 4) left, top, right, bottom in pixels.
        labels: (n,) class indices. ignored: (n,), those that boxes may or may not find.
    """

    boxes: Tensor
    labels: Tensor
    ignored: Tensor

    @staticmethod
    def of(batch: Mapping[str, Tensor]) -> list[Objects]:
        """The objects of each picture of a batch."""
        kept = (labels != NO_OBJECT for labels in batch["labels"])
        rows = zip(batch["boxes"], batch["labels"], batch["ignored"], kept, strict=True)
        return [Objects(boxes[keep], labels[keep], ignored[keep]) for boxes, labels, ignored, keep in rows]


class AveragePrecision(Metric):
    r"""Mean average precision over classes (COCO, Lin et al. 2014, https://arxiv.org/abs/1405.0312), in [0, 1].

    The area under the curve of precision over recall, averaged over the classes and, for ``map``, over ten least
    overlaps (intersection over union) from 0.5 to 0.95; ``map50`` asks for 0.5 alone.

    All values come of one computation: `others` are views of it.
    """

    full_state_update = False

    def __init__(self) -> None:
        super().__init__()
        limits = [1, 10, MOST_BOXES]
        self.whole = MeanAveragePrecision(max_detection_thresholds=limits, backend="pycocotools")

    def update(self, found: Sequence[Found], there: Sequence[Objects]) -> None:
        """Count the pictures of a batch."""
        self.whole.update(
            [{"boxes": one.boxes, "scores": one.scores, "labels": one.labels} for one in found],
            [{"boxes": one.boxes, "labels": one.labels, "iscrowd": one.ignored.long()} for one in there],
        )

    def compute(self) -> Tensor:
        return self.named("map50")

    def named(self, name: str) -> Tensor:
        """The value of a public name; 0 where there is no object at all."""
        value: Tensor = self.whole.compute()[NAMES[name]]
        return value.clamp(min=0)


class AlsoComputed(Metric):
    """Another value of what an `AveragePrecision` computes.

    Args:
        source: that computes. name: public name.
    """

    full_state_update = False

    def __init__(self, source: AveragePrecision, name: str) -> None:
        super().__init__()
        self.source, self.name = [source], name  # in a list, so that the source is no part of this one

    def update(self) -> None:
        """What the source counts is counted here."""

    def compute(self) -> Tensor:
        return self.source[0].named(self.name)


def average_precision(found: Sequence[Found], there: Sequence[Objects]) -> dict[str, float]:
    """``map50`` and ``map`` of pictures, each with what was found and what is there."""
    metric = AveragePrecision()
    metric.update(found, there)
    return {name: float(metric.named(name)) for name in NAMES}
