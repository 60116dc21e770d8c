from __future__ import annotations

import pytest
import torch
from attnframe_vision.data.augmentation import Augmentation, affine, erase, shift
from attnframe_vision.recipes.digits import Digits

OFF = {"crop": 0.0, "rotate": 0.0, "zoom": 0.0}
SETTINGS = [
    {"crop": 2.0},
    {"flip": True},
    {"rotate": 20.0},
    {"zoom": 0.3},
    {"crop": 0.5},
    {"rand_augment": 9},
    {"mixup": 0.8},
    {"cutmix": 1.0},
    {"mixup": 0.8, "cutmix": 1.0},
    {"erase": 1.0},
]


def batch(channels: int = 1, side: int = 12) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    pictures = torch.randint(0, 256, (24, channels, side, side), generator=generator, dtype=torch.uint8)
    return {"pictures": pictures, "labels": torch.arange(24) % 3}


def augmentation(**fields: object) -> Augmentation:
    return Augmentation(Digits(**{**OFF, **fields}), 3)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_seed_repeats_the_augmentation_and_another_changes_it(settings: dict[str, object], channels: int) -> None:
    augment = augmentation(**settings)
    outcomes = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        outcomes.append(augment(batch(channels)))
    assert outcomes[0]["pictures"].equal(outcomes[1]["pictures"])
    assert outcomes[0]["labels"].equal(outcomes[1]["labels"])
    assert not outcomes[0]["pictures"].equal(outcomes[2]["pictures"])
    assert not outcomes[0]["pictures"].equal(batch(channels)["pictures"])


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_shapes_and_range_are_kept(settings: dict[str, object]) -> None:
    changed = augmentation(**settings)(batch(3))
    assert changed["pictures"].shape == (24, 3, 12, 12)
    assert changed["pictures"].min() >= 0
    assert changed["pictures"].max() <= 255


def test_nothing_asked_for_changes_nothing() -> None:
    given = batch()
    changed = augmentation()(given)
    assert changed["pictures"] is given["pictures"]
    assert changed["labels"] is given["labels"]


def test_shift_moves_by_whole_pixels_and_repeats_the_edge() -> None:
    torch.manual_seed(0)
    picture = torch.arange(25.0).view(1, 1, 5, 5)
    moved = shift(picture.repeat(50, 1, 1, 1), 1, flip=False)
    padded = torch.nn.functional.pad(picture, (1, 1, 1, 1), mode="replicate")
    possible = {tuple(padded[0, 0, y : y + 5, x : x + 5].flatten().tolist()) for y in range(3) for x in range(3)}
    assert {tuple(one.flatten().tolist()) for one in moved} == possible


def test_flip_mirrors_about_half_of_the_pictures() -> None:
    torch.manual_seed(0)
    picture = torch.arange(6.0).view(1, 1, 2, 3)
    flipped = shift(picture.repeat(400, 1, 1, 1), 0, flip=True)
    mirrored = (flipped == picture.flip(-1)).flatten(1).all(1)
    kept = (flipped == picture).flatten(1).all(1)
    assert (mirrored ^ kept).all()
    assert 150 < mirrored.sum() < 250


@pytest.mark.parametrize("size", [(6, 6), (4, 8)])
def test_affine_without_change_gives_the_picture_back(size: tuple[int, int]) -> None:
    pictures = torch.rand(4, 2, *size)
    torch.testing.assert_close(affine(pictures, 0, 0, 0, flip=False), pictures)


def test_affine_turns_a_wide_picture_without_distorting_it() -> None:
    torch.manual_seed(0)
    y, x = torch.meshgrid(torch.arange(40.0) - 19.5, torch.arange(80.0) - 39.5, indexing="ij")
    disc = ((x**2 + y**2) < 100).float()[None, None]
    turned = affine(disc.repeat(8, 1, 1, 1), 180, 0, 0, flip=True)
    assert (turned - disc).abs().mean() < 0.01


def test_erase_takes_a_box_of_a_picture() -> None:
    torch.manual_seed(0)
    pictures = torch.zeros(200, 1, 20, 20)
    pictures[:, :, ::2] = 100.0
    changed = (erase(pictures, 1.0) != pictures).flatten(1).float().mean(1)
    assert (changed > 0).float().mean() > 0.95
    assert changed.max() < 0.4
    assert erase(pictures, 0.0).equal(pictures)


@pytest.mark.parametrize("settings", [{"mixup": 1.0}, {"cutmix": 1.0}], ids=str)
def test_mixed_labels_are_shares_of_the_mixed_pictures(settings: dict[str, object]) -> None:
    given = batch(side=32)
    given["pictures"] = (given["labels"] * 100).to(torch.uint8).view(-1, 1, 1, 1).expand(-1, 1, 32, 32)
    mixed = augmentation(**settings)(given)
    assert mixed["labels"].shape == (24, 3)
    torch.testing.assert_close(mixed["labels"].sum(1), torch.ones(24))
    expected = mixed["labels"] @ torch.tensor([0.0, 100.0, 200.0])
    torch.testing.assert_close(mixed["pictures"].mean((1, 2, 3)), expected, atol=1.0, rtol=0)
