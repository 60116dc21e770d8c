"""Random changes of series: none at 0, bounded otherwise, and never into the padding."""

from __future__ import annotations

import torch
from attnframe_timeseries.data.augmentation import Augmentation
from attnframe_timeseries.recipes.cylinder_bell_funnel import CylinderBellFunnel


def batch() -> dict[str, torch.Tensor]:
    valid = torch.arange(20) < torch.tensor([[20], [9], [1]])
    ramp = torch.arange(20.0).view(1, 20, 1).expand(3, 20, 2) * valid.unsqueeze(-1)
    return {"series": ramp.clone(), "valid": valid, "labels": torch.tensor([0, 1, 2])}


def test_without_settings_nothing_changes() -> None:
    before, after = batch(), Augmentation(CylinderBellFunnel())(batch())
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_warping_keeps_ends_order_and_length() -> None:
    torch.manual_seed(0)
    changed = Augmentation(CylinderBellFunnel(warp=0.5))(batch())
    assert torch.equal(changed["valid"], batch()["valid"])
    one = changed["series"][0, :, 0]
    assert one[0].item() == 0
    assert abs(one[-1].item() - 19) < 1e-3
    assert bool((one.diff() > 0).all())
    assert not torch.allclose(one, torch.arange(20.0), atol=0.1)
    assert changed["series"][2, 0].tolist() == [0, 0]


def test_cropping_keeps_a_stretch() -> None:
    torch.manual_seed(0)
    for _ in range(20):
        changed = Augmentation(CylinderBellFunnel(crop=0.5))(batch())
        length = changed["valid"].sum(1)
        assert bool((length >= torch.tensor([10, 4, 1])).all())
        one = changed["series"][0, : int(length[0]), 0]
        torch.testing.assert_close(one.diff(), torch.ones(len(one) - 1), atol=1e-4, rtol=0)


def test_scale_and_noise_leave_padding_alone() -> None:
    torch.manual_seed(0)
    before, after = batch(), Augmentation(CylinderBellFunnel(scale=0.5, jitter=0.1))(batch())
    assert not torch.allclose(before["series"], after["series"], atol=0.01)
    assert not after["series"][~after["valid"]].any()
