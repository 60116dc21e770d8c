"""Source of the generated shapes."""

from __future__ import annotations

import colorsys

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from attnframe.plugin.splitting import TRAIN
from attnframe_vision.detection.data.scenes import NO_OBJECT, Scenes, SceneSource, padded
from attnframe_vision.detection.recipes.shapes import CLASSES, SIDE

MOST = 4
"""Objects in a picture."""
LEAST_SIZE, LARGEST_SIZE = 10, 26
"""Pixels of an object's side."""
MOST_COVERED = 0.15
"""Share of the smaller box that may lie under another one, so that every object stays to be seen."""
TRIES = 20
"""Places that are tried for an object before it is left out."""
FINENESS = 4
"""Shapes are drawn so many times larger and then averaged, which gives smooth edges."""

Box = tuple[int, int, int, int]


class ShapesSource(SceneSource):
    """Coloured circles, squares and triangles on a noisy ground, drawn from seed 0.

    Args:
        pictures: number of pictures.
    """

    name = "shapes"

    def __init__(self, pictures: int) -> None:
        self.pictures = pictures

    def fingerprint(self) -> str:
        return f"{self.pictures} pictures of shapes, {SIDE} pixels, first drawing"

    def read(self) -> Scenes:
        random = np.random.default_rng(0)
        drawn = [_draw(random) for _ in range(self.pictures)]
        boxes = padded([np.array(found) for _, found, _ in drawn], 0, (4,), np.float32)
        labels = padded([np.array(found) for _, _, found in drawn], NO_OBJECT, (), np.int64)
        return Scenes(
            images=np.stack([image for image, _, _ in drawn]),
            boxes=boxes,
            labels=labels,
            ignored=np.zeros(labels.shape, np.bool_),
            parts=np.full(self.pictures, TRAIN, np.uint8),
            classes=CLASSES,
        )


def _draw(random: np.random.Generator) -> tuple[npt.NDArray[np.uint8], list[Box], list[int]]:
    """A picture (3, SIDE, SIDE), its boxes and their labels."""
    canvas = Image.new("RGB", (SIDE * FINENESS, SIDE * FINENESS), _colour(random, 0.2, (0.1, 0.4)))
    pen = ImageDraw.Draw(canvas)
    boxes: list[Box] = []
    labels: list[int] = []
    for _ in range(random.integers(1, MOST + 1)):
        box = _free_place(random, boxes)
        if box is None:
            continue
        label = int(random.integers(len(CLASSES)))
        left, top, right, bottom = (edge * FINENESS for edge in box)
        fill = _colour(random, 0.8, (0.6, 1.0))
        if CLASSES[label] == "circle":
            pen.ellipse((left, top, right - 1, bottom - 1), fill)
        elif CLASSES[label] == "square":
            pen.rectangle((left, top, right - 1, bottom - 1), fill)
        else:
            pen.polygon([((left + right) // 2, top), (right - 1, bottom - 1), (left, bottom - 1)], fill)
        boxes.append(box)
        labels.append(label)
    smooth = np.asarray(canvas.resize((SIDE, SIDE), Image.Resampling.BOX), np.float32)
    noisy = smooth + random.normal(0, 12, smooth.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8).transpose(2, 0, 1), boxes, labels


def _free_place(random: np.random.Generator, taken: list[Box]) -> Box | None:
    """A box that covers no other one by more than `MOST_COVERED`; None when none was found."""
    for _ in range(TRIES):
        size = int(random.integers(LEAST_SIZE, LARGEST_SIZE + 1))
        left, top = (int(edge) for edge in random.integers(0, SIDE - size + 1, 2))
        box = (left, top, left + size, top + size)
        if all(_covered(box, other) <= MOST_COVERED for other in taken):
            return box
    return None


def _covered(one: Box, other: Box) -> float:
    """Share of the smaller box that lies in both."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return max(wide, 0) * max(tall, 0) / smaller


def _colour(random: np.random.Generator, saturation: float, brightness: tuple[float, float]) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(random.random(), saturation, random.uniform(*brightness))
    return round(red * 255), round(green * 255), round(blue * 255)
