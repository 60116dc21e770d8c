"""Pictures with boxes."""

from __future__ import annotations

import torch
from attnframe_vision.detection.data.scenes import NO_OBJECT
from attnframe_vision.detection.metrics import Found
from attnframe_vision.exhibits.boxes import Boxes
from torch import Tensor

from attnframe.pictures import Box, draw


def found(outputs: Tensor) -> list[Found]:
    boxes = torch.tensor([[1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 1.0, 1.0]])
    return [Found(boxes, torch.tensor([0.9, 0.1]), torch.tensor([1, 0])) for _ in outputs]


def test_what_is_there_is_dashed_and_weak_boxes_are_left_out() -> None:
    exhibit = Boxes(["cell", "plate"], found)
    batch = {
        "pictures": torch.zeros(1, 3, 8, 8, dtype=torch.uint8),
        "boxes": torch.tensor([[[1.0, 1.0, 5.0, 5.0], [0.0, 0.0, 0.0, 0.0]]]),
        "labels": torch.tensor([[0, NO_OBJECT]]),
        "ignored": torch.zeros(1, 2, dtype=torch.bool),
    }
    exhibit.update(batch, torch.zeros(1, 5, 6))
    exhibit.update(batch, torch.zeros(1, 5, 6))
    (panel,) = exhibit.panels()
    assert panel.arguments["boxes"] == [
        Box(1, 1, 5, 5, series=1, dashed=True),
        Box(1, 2, 3, 4, "plate 0.90"),
    ]
    assert draw(panel.plain())
