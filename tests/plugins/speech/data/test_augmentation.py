"""Random changes of training batches: each does what it says and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from attnframe_speech.data.augmentation import Augmentation
from attnframe_speech.frontends.log_mel import LogMel
from attnframe_speech.recipes.spoken_digits import SpokenDigits

NONE: dict[str, Any] = {"stretch": 0.0, "warp": 0.0, "shift": 0.0, "noise": 0.0, "colour": 0.0, "masks": 0}


def augmentation(**fields: float) -> Augmentation:
    return Augmentation(SpokenDigits(**{**NONE, **fields}), LogMel(8000, 16), longest=60)


@pytest.fixture
def batch() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    frames = torch.tensor([40, 25])
    features = torch.randn(2, 40, 16) - 5
    features[1, 25:] = 0
    return {"features": features, "frames": frames, "labels": torch.tensor([0, 1])}


def test_nothing_asked_is_nothing_changed(batch: dict[str, torch.Tensor]) -> None:
    after = augmentation()(batch)
    assert all(torch.equal(after[name], batch[name]) for name in batch)


@pytest.mark.parametrize(
    "fields", [{"stretch": 0.3}, {"warp": 0.3}, {"shift": 0.3}, {"noise": 1.0}, {"colour": 1.0}, {"masks": 2}]
)
def test_each_change_is_random_and_leaves_padding_alone(
    fields: dict[str, float], batch: dict[str, torch.Tensor]
) -> None:
    torch.manual_seed(1)
    first = augmentation(**fields)(batch)
    second = augmentation(**fields)(batch)
    assert first["features"].shape != second["features"].shape or not torch.equal(first["features"], second["features"])
    for after in (first, second):
        assert int(after["frames"].max()) == after["features"].shape[1] <= 60
        beyond = torch.arange(after["features"].shape[1]) >= after["frames"].unsqueeze(1)
        assert not after["features"][beyond].any()
        assert torch.isfinite(after["features"]).all()
        assert torch.equal(after["labels"], batch["labels"])


def test_tempo_stretches_a_ramp() -> None:
    ramp = torch.arange(40.0).view(1, 40, 1).expand(1, 40, 16)
    torch.manual_seed(2)
    after = augmentation(stretch=0.4)({"features": ramp, "frames": torch.tensor([40])})
    steps = after["features"][0, :-1, 0].diff()
    torch.testing.assert_close(steps, steps[:1].expand_as(steps), atol=1e-3, rtol=1e-3)
    assert int(after["frames"]) == pytest.approx(40 / float(steps[0]), abs=1)


def test_warping_moves_a_band_by_the_factor() -> None:
    change = augmentation(warp=0.2)
    bands = change._bands(torch.tensor([1.0, 1.2]))
    torch.testing.assert_close(bands[0], torch.arange(16.0), atol=1e-3, rtol=0)
    assert (bands[1, 1:] < bands[0, 1:]).all()  # what was at f is heard at 1.2 f, so it is read lower down


def test_masks_hold_the_mean_of_their_channel(batch: dict[str, torch.Tensor]) -> None:
    torch.manual_seed(3)
    after = augmentation(masks=1, time_mask=0.5, frequency_mask=0.5)(batch)["features"]
    hidden = (after != batch["features"])[0]
    assert 0 < hidden.float().mean() < 1
    mean = batch["features"][0].mean(0).expand_as(after[0])
    torch.testing.assert_close(after[0][hidden], mean[hidden])


def test_noise_only_fills_up(batch: dict[str, torch.Tensor]) -> None:
    after = augmentation(noise=1.0)(batch)["features"]
    assert (after[0] >= batch["features"][0] - 1e-4).all()


def test_the_level_of_noise_is_that_of_the_recording(batch: dict[str, torch.Tensor]) -> None:
    """Padding is 0, far above the energies of a quiet recording."""
    quiet = {**batch, "features": torch.where(batch["features"] != 0, batch["features"] - 20, 0.0)}
    torch.manual_seed(4)
    loud, low = (augmentation(noise=1.0)(one)["features"][1, :25] for one in (batch, quiet) if torch.manual_seed(4))
    torch.testing.assert_close(loud, low + 20, atol=1e-4, rtol=0)
