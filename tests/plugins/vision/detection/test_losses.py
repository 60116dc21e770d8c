from __future__ import annotations

import torch
import torch.nn.functional as F
from attnframe_vision.detection.losses import overlaps, quality_focal_loss
from torchvision.ops import box_iou, generalized_box_iou, sigmoid_focal_loss


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


def test_with_whole_targets_the_loss_is_the_focal_loss() -> None:
    logits = torch.linspace(-4, 4, 9)
    for target in (0.0, 1.0):
        wanted = torch.full_like(logits, target)
        torch.testing.assert_close(quality_focal_loss(logits, wanted), sigmoid_focal_loss(logits, wanted, alpha=-1))


def test_the_loss_is_least_where_the_score_is_the_quality() -> None:
    logits = torch.linspace(-4, 4, 801)
    loss = quality_focal_loss(logits, torch.full_like(logits, 0.7))
    assert abs(logits[loss.argmin()].sigmoid().item() - 0.7) < 0.01
    assert F.relu(loss).equal(loss)
