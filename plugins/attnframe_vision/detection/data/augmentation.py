"""Random changes of whole training batches of pictures with boxes; torch's global generator only."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from attnframe_vision.detection.data.scenes import NO_OBJECT
from attnframe_vision.detection.recipes.scenes import SceneData


class SceneAugmentation:
    """The augmentation that a recipe asks for, in this order: size, shift and flips in one sampling, then colour.

    Takes and gives batches of `SceneSplit`; pictures become float32 in 0 to 255.

    Args:
        recipe: the settings.
    """

    def __init__(self, recipe: SceneData) -> None:
        self.recipe = recipe

    def __call__(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        recipe = self.recipe
        pictures, boxes, labels = batch["pictures"].float(), batch["boxes"], batch["labels"]
        if recipe.zoom or recipe.shift or recipe.flip or recipe.flip_vertical:
            scale, offset = placement(len(pictures), recipe)
            pictures = moved_pictures(pictures, scale, offset)
            boxes, labels = moved_boxes(boxes, labels, scale, offset, pictures.shape[2:], recipe.least_visible)
        if recipe.colour:
            pictures = coloured(pictures, recipe.colour)
        return {**batch, "pictures": pictures, "boxes": boxes, "labels": labels}


def placement(n: int, recipe: SceneData) -> tuple[Tensor, Tensor]:
    """Scale (n, 2) and offset (n, 2) of x and y that place each picture anew.

    With coordinates from -1 to 1 across the picture, what was at x comes to scale * x + offset; a negative scale
    mirrors.
    """
    size = (1 + recipe.zoom) ** (torch.rand(n, 1) * 2 - 1)
    mirrored = torch.rand(n, 2) < torch.tensor([0.5 * recipe.flip, 0.5 * recipe.flip_vertical])
    offset = (torch.rand(n, 2) * 2 - 1) * 2 * recipe.shift
    return torch.where(mirrored, -size, size), offset


def moved_pictures(pictures: Tensor, scale: Tensor, offset: Tensor) -> Tensor:
    """Pictures (n, C, H, W) placed anew, bilinearly; what comes free is filled with their mean colour."""
    n = len(pictures)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0], theta[:, 1, 1] = (1 / scale).unbind(1)
    theta[:, :, 2] = -offset / scale
    grid = F.affine_grid(theta, list(pictures.shape), align_corners=False)
    mean = pictures.mean((2, 3), keepdim=True)
    return F.grid_sample(pictures - mean, grid, align_corners=False) + mean


def moved_boxes(
    boxes: Tensor, labels: Tensor, scale: Tensor, offset: Tensor, size: torch.Size, least_visible: float
) -> tuple[Tensor, Tensor]:
    """Boxes (n, M, 4) in pixels and labels (n, M) of pictures placed anew.

    Boxes are cut at the picture's edge; of those that keep less than `least_visible` of their area, the label becomes
    `NO_OBJECT`.

    Args:
        boxes: left, top, right, bottom. labels: classes.
        scale: (n, 2) as `placement`. offset: likewise.
        size: height and width.
        least_visible: share, in [0, 1].
    """
    sides = boxes.new_tensor([size[1], size[0]])
    corners = boxes.view(*boxes.shape[:-1], 2, 2) / sides * 2 - 1  # (n, M, corner, xy)
    corners = corners * scale[:, None, None] + offset[:, None, None]
    corners = torch.stack([corners.amin(2), corners.amax(2)], 2)  # a mirror swaps left and right
    cut = corners.clamp(-1, 1)
    whole, seen = ((part[:, :, 1] - part[:, :, 0]).prod(-1) for part in (corners, cut))
    visible = (seen > 0) & (seen >= least_visible * whole)
    moved = ((cut + 1) / 2 * sides).flatten(2)
    return moved * visible.unsqueeze(-1), labels.where(visible, torch.tensor(NO_OBJECT))


def coloured(pictures: Tensor, strength: float) -> Tensor:
    """Pictures (n, 3, H, W) in 0 to 255 with brightness, contrast and saturation changed by up to `strength`."""
    n = len(pictures)
    brightness, contrast, saturation = (1 + strength * (torch.rand(3, n, 1, 1, 1) * 2 - 1)).unbind(0)
    grey = pictures.mean(1, keepdim=True)
    mean = grey.mean((2, 3), keepdim=True)
    changed = grey + (pictures - grey) * saturation
    return ((mean + (changed - mean) * contrast) * brightness).clamp_(0, 255)
