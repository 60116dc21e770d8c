from __future__ import annotations

from typing import Any

import pytest
import torch
from attnframe_vision.detection.data.augmentation import SceneAugmentation, coloured, moved_boxes, moved_pictures
from attnframe_vision.detection.recipes.shapes import Shapes

SIZE = (40, 60)
BOX = (20, 10, 50, 20)


def batch(count: int = 8) -> dict[str, torch.Tensor]:
    """Dark pictures, bright within one box."""
    pictures = torch.zeros(count, 3, *SIZE, dtype=torch.uint8)
    pictures[:, :, BOX[1] : BOX[3], BOX[0] : BOX[2]] = 200
    return {
        "pictures": pictures,
        "boxes": torch.tensor([BOX, (0, 0, 0, 0)]).float().expand(count, 2, 4),
        "labels": torch.tensor([2, -1]).expand(count, 2),
        "ignored": torch.zeros(count, 2, dtype=torch.bool),
    }


def augment(**fields: Any) -> dict[str, torch.Tensor]:
    off = {"flip": False, "flip_vertical": False, "zoom": 0.0, "shift": 0.0, "colour": 0.0}
    return SceneAugmentation(Shapes(**{**off, **fields}))(batch())


def test_without_settings_nothing_changes() -> None:
    changed, before = augment(), batch()
    assert all(values.equal(before[name].to(values.dtype)) for name, values in changed.items())


@pytest.mark.parametrize(
    "fields", [{"flip": True}, {"flip_vertical": True}, {"zoom": 0.4}, {"shift": 0.1}, {"flip": True, "zoom": 0.3}]
)
def test_boxes_stay_around_what_they_show(fields: dict[str, Any]) -> None:
    torch.manual_seed(0)
    changed = augment(**fields)
    assert not changed["boxes"][:, 0].equal(batch()["boxes"][:, 0])
    for picture, box, labels in zip(changed["pictures"], changed["boxes"], changed["labels"], strict=True):
        rows, columns = (torch.nonzero((picture[0] > 100).any(axis)).squeeze(1) for axis in (1, 0))
        shown = torch.tensor([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]).float()
        torch.testing.assert_close(box[0], shown, atol=1.0, rtol=0)
        assert labels.tolist() == [2, -1]


def test_boxes_are_cut_at_the_edge_and_left_out_when_little_stays() -> None:
    before = batch(2)
    scale, offset = torch.ones(2, 2), torch.tensor([[20.0, 0], [40, 0]]) / (SIZE[1] / 2)  # right by 20 and by 40 pixels
    boxes, labels = moved_boxes(before["boxes"], before["labels"], scale, offset, torch.Size(SIZE), 0.3)
    assert boxes[0, 0].tolist() == pytest.approx([40, 10, 60, 20], abs=1e-4)
    assert labels[:, 0].tolist() == [2, -1]
    assert not boxes[1, 0].any()
    _, kept = moved_boxes(before["boxes"], before["labels"], scale / 2, offset * 0.95, torch.Size(SIZE), 0.0)
    assert kept[:, 0].tolist() == [2, -1]


def test_what_comes_free_has_the_mean_colour() -> None:
    pictures = torch.rand(1, 3, 8, 8)
    moved = moved_pictures(pictures, torch.ones(1, 2), torch.tensor([[1.0, 0]]))
    torch.testing.assert_close(moved[..., 4:], pictures[..., :4])
    torch.testing.assert_close(moved[..., :4], pictures.mean((2, 3), keepdim=True).expand(1, 3, 8, 4))


def test_colours_change_within_their_range() -> None:
    torch.manual_seed(0)
    pictures = batch()["pictures"].float()
    changed = coloured(pictures, 0.5)
    assert not changed.equal(pictures)
    assert changed.min() >= 0
    assert changed.max() <= 255


def test_the_same_seed_gives_the_same_bits() -> None:
    outcomes = []
    for _ in range(2):
        torch.manual_seed(3)
        outcomes.append(augment(flip=True, zoom=0.3, shift=0.2, colour=0.3))
    assert all(outcomes[0][name].equal(outcomes[1][name]) for name in outcomes[0])
