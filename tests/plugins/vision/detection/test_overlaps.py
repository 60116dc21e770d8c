from __future__ import annotations

import torch
from attnframe_vision.detection.overlaps import overlaps
from torchvision.ops import box_iou, generalized_box_iou


def boxes(count: int) -> torch.Tensor:
    corners = torch.rand(count, 2, 2, generator=torch.Generator().manual_seed(0)) * 50
    return torch.cat([corners.amin(1), corners.amax(1) + 1], 1)


def test_overlaps_are_those_of_torchvision() -> None:
    one, other = boxes(20).split(10)
    overlap, generalised = overlaps(one, other)
    torch.testing.assert_close(overlap, box_iou(one, other).diagonal())
    torch.testing.assert_close(generalised, generalized_box_iou(one, other).diagonal())


def test_empty_boxes_have_finite_overlaps_and_gradients() -> None:
    empty = torch.zeros(3, 4, requires_grad=True)
    overlap, generalised = overlaps(empty, torch.zeros(3, 4))
    torch.autograd.backward((overlap + generalised).sum())
    assert overlap.tolist() == [0, 0, 0]
    assert empty.grad is not None
    assert empty.grad.isfinite().all()
