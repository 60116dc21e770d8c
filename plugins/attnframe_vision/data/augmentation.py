"""Random changes of whole training batches; torch's global generator only."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from attnframe_vision.recipes.pictures import PictureData

TOGETHER = 8
"""Pictures that share one draw of RandAugment: torchvision changes a stack of pictures in about the time of one."""
ERASED = (0.02, 0.33)
"""Least and most share of a picture that erasing takes."""


class Augmentation:
    """The augmentation that a recipe asks for, in this order: RandAugment, shift or affine, flip, erase, mixup or
    CutMix.

    Takes and gives ``{"pictures": (n, C, H, W) in 0 to 255, "labels"}``; labels become (n, classes) shares after
    mixup and CutMix.

    Args:
        recipe: the settings.
        num_classes: number of classes, at least 2.
    """

    def __init__(self, recipe: PictureData, num_classes: int) -> None:
        self.recipe = recipe
        self._rand_augment = _rand_augment(recipe.rand_augment) if recipe.rand_augment else None
        self._mix = _mix(recipe.mixup, recipe.cutmix, num_classes) if recipe.mixup or recipe.cutmix else None

    def __call__(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        pictures, labels = batch["pictures"], batch["labels"]
        recipe = self.recipe
        if self._rand_augment is not None:
            order = torch.randperm(len(pictures))
            groups = torch.split(pictures[order], TOGETHER)
            changed = torch.cat([self._rand_augment(group) for group in groups])
            pictures, labels = changed, labels[order]
        if recipe.rotate or recipe.zoom or recipe.crop % 1:
            pictures = affine(pictures, recipe.rotate, recipe.zoom, recipe.crop, recipe.flip)
        elif recipe.crop or recipe.flip:
            pictures = shift(pictures, int(recipe.crop), recipe.flip)
        if recipe.erase:
            pictures = erase(pictures, recipe.erase)
        if self._mix is not None:
            pictures, labels = self._mix(pictures.float(), labels)
        return {"pictures": pictures, "labels": labels}


def shift(pictures: Tensor, crop: int, flip: bool) -> Tensor:
    """Each picture moved by whole pixels, its edge repeated into what comes free, and mirrored by chance; one gather
    for all.

    Args:
        pictures: (n, C, H, W).
        crop: largest shift in pixels, each way.
        flip: mirror left to right with probability 1/2.
    """
    n, _, height, width = pictures.shape
    device = pictures.device
    down, right = torch.randint(-crop, crop + 1, (2, n, 1), device=device)
    rows = (torch.arange(height, device=device) + down).clamp_(0, height - 1)  # (n, H)
    columns = (torch.arange(width, device=device) + right).clamp_(0, width - 1)  # (n, W)
    if flip:
        columns = torch.where(torch.rand(n, 1, device=device) < 0.5, columns.flip(1), columns)
    picture = torch.arange(n, device=device).view(n, 1, 1)
    return pictures.movedim(1, -1)[picture, rows[:, :, None], columns[:, None, :]].movedim(-1, 1)


def affine(pictures: Tensor, rotate: float, zoom: float, crop: float, flip: bool) -> Tensor:
    """Each picture rotated, resized, moved by parts of a pixel and mirrored by chance, bilinearly; its edge is
    repeated into what comes free.

    Args:
        pictures: (n, C, H, W).
        rotate: largest rotation in degrees, each way.
        zoom: largest change of size as a share, each way.
        crop: largest shift in pixels, each way.
        flip: mirror left to right with probability 1/2.
    """
    n, _, height, width = pictures.shape
    device = pictures.device
    angle, size, x, y = torch.rand(4, n, device=device) * 2 - 1
    angle, size = angle * math.radians(rotate), 1 / (1 + size * zoom)
    mirror = torch.where(torch.rand(n, device=device) < 0.5, -1.0, 1.0) if flip else torch.ones(n, device=device)
    cos, sin = angle.cos() * size, angle.sin() * size
    rows = (
        torch.stack([cos * mirror, -sin * height / width, x * 2 * crop / width], 1),
        torch.stack([sin * mirror * width / height, cos, y * 2 * crop / height], 1),
    )
    grid = F.affine_grid(torch.stack(rows, 1), list(pictures.shape), align_corners=False)
    return F.grid_sample(pictures.float(), grid, padding_mode="border", align_corners=False)


def erase(pictures: Tensor, probability: float) -> Tensor:
    """A random box of some pictures filled with the batch's mean brightness (random erasing, Zhong et al. 2020).

    Args:
        pictures: (n, C, H, W).
        probability: of erasing in a picture, in [0, 1].
    """
    n, _, height, width = pictures.shape
    share, ratio, top, left, chance = torch.rand(5, n, 1, device=pictures.device)
    area = ERASED[0] + share * (ERASED[1] - ERASED[0])
    stretch = (0.3 ** (1 - 2 * ratio)).sqrt()  # height over width from 0.3 to 1 / 0.3
    tall, wide = ((area.sqrt() * side).clamp(max=1) for side in (stretch, 1 / stretch))
    y, x = (torch.arange(size, device=pictures.device).add(0.5) / size for size in (height, width))
    first_y, first_x = top * (1 - tall), left * (1 - wide)
    inside_y, inside_x = (y >= first_y) & (y < first_y + tall), (x >= first_x) & (x < first_x + wide)
    box = inside_y[:, None, :, None] & inside_x[:, None, None, :] & (chance < probability)[:, :, None, None]
    return torch.where(box, pictures.float().mean().to(pictures.dtype), pictures)


def _rand_augment(strength: int) -> Callable[[Tensor], Tensor]:
    from torchvision.transforms import v2

    transform: Callable[[Tensor], Tensor] = v2.RandAugment(num_ops=2, magnitude=strength)
    return transform


def _mix(mixup: float, cutmix: float, num_classes: int) -> Callable[..., Any]:
    from torchvision.transforms import v2

    found: list[Any] = [v2.MixUp(alpha=mixup, num_classes=num_classes)] if mixup else []
    if cutmix:
        found.append(v2.CutMix(alpha=cutmix, num_classes=num_classes))
    mix: Callable[..., Any] = v2.RandomChoice(found)
    return mix
