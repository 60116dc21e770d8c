"""The contract of a network of boxes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from attnframe.plugin.subject import Maps
from attnframe_vision.detection.data.scenes import NO_OBJECT
from attnframe_vision.detection.metrics import Found


class Targets:
    """The objects of a batch, in the form that losses take.

    Args:
        boxes: (B, M, 4) left, top, right, bottom in pixels.
        labels: (B, M) class indices, `NO_OBJECT` without an object.
        ignored: (B, M) bool, objects that are not learned.

    Attributes:
        learned: (B, M) bool, objects to learn.
        classes: (B, M) class indices, 0 without an object.
    """

    def __init__(self, boxes: Tensor, labels: Tensor, ignored: Tensor) -> None:
        self.boxes = boxes
        self.there = labels != NO_OBJECT
        self.ignored = self.there & ignored
        self.learned = self.there & ~ignored
        self.classes = labels.clamp(min=0)


class DetectionNetwork(nn.Module, ABC):
    """Base of the networks from pictures to boxes.

    Args:
        classes: number of classes K.
        size: height and width of the pictures in pixels.
    """

    sides: Tensor

    def __init__(self, classes: int, size: tuple[int, int]) -> None:
        super().__init__()
        self.classes = classes
        height, width = size
        self.register_buffer("sides", torch.tensor([width, height] * 2, dtype=torch.float32), persistent=False)

    @abstractmethod
    def row_names(self, classes: Sequence[str]) -> dict[str, Sequence[str]]:
        """What the rows of its parameters stand for, see `TaskModule.row_names`."""

    @abstractmethod
    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (B, 3, H, W), normalised, to (B, Q, K + 4): logits of the classes, and left, top, right and bottom
        in pixels, of Q boxes."""

    @abstractmethod
    def loss(self, outputs: Tensor, targets: Targets) -> Tensor:
        """Scalar loss of the outputs (B, Q, K + 4) of a batch."""

    @abstractmethod
    def found(self, outputs: Tensor) -> list[Found]:
        """The boxes of each picture, best first, of outputs (B, Q, K + 4)."""

    @property
    @abstractmethod
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the map that attention reads."""

    @abstractmethod
    def parts(self, maps: Maps, box: int, prefix: str) -> Tensor:
        """The part (rows columns,) of each place of the map in one of the Q boxes of one picture.

        Args:
            maps: what attention says. box: its number from 0. prefix: how names of the network's modules begin.
        """

    def best(self, outputs: Tensor, most: int, least_score: float) -> list[Found]:
        """The pairs of box and class of each picture with the highest scores, cut at the picture's edge.

        Args:
            outputs: (B, Q, K + 4).
            most: pairs of a picture.
            least_score: pairs with a lower score are left out.
        """
        scores = outputs[..., : self.classes].sigmoid().flatten(1)  # (B, Q K)
        high, which = scores.topk(min(most, scores.shape[1]))
        boxes = outputs[..., self.classes :].gather(1, (which // self.classes).unsqueeze(-1).expand(-1, -1, 4))
        boxes = boxes.clamp(min=0).minimum(self.sides)
        keep = high >= least_score
        labels = which % self.classes
        return [Found(boxes[i, keep[i]], high[i, keep[i]], labels[i, keep[i]]) for i in range(len(outputs))]
