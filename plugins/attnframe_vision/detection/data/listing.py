"""Pictures of a folder with their objects, before they are decoded."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TRAIN
from attnframe_vision.data.adapting import UNREADABLE, why_unreadable
from attnframe_vision.detection.data.fitting import fit_picture, fit_scale
from attnframe_vision.detection.data.report import BROKEN_PICTURE, EMPTY_BOX, NO_EXAMPLE, OUTSIDE, Report
from attnframe_vision.detection.data.scenes import NO_OBJECT, Scenes, padded

MOST_PIXELS, STEP, LEAST_SIDE = 192 * 256, 16, 32
"""Sizes left at null are multiples of `STEP` with no more pixels than this, which train in minutes on two cores."""
TOLERANCE: Final = 1.0
"""Pixels by which a box may reach outside, as programs that count from 1 let it; it is cut."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Labelled:
    """An object of a picture.

    Args:
        label: its class. box: left, top, right, bottom in pixels of the picture.
        ignored: whether it is neither learned nor scored.
    """

    label: str
    box: Box
    ignored: bool = False


@dataclass(frozen=True)
class ListedPicture:
    """A picture that is not decoded yet.

    Args:
        path: of its file. name: in what is told to the user.
        part: `TRAIN`, `VAL` or `TEST`.
        objects: what it shows.
    """

    path: Path
    name: str
    part: int
    objects: tuple[Labelled, ...] = field(default=())


def require_folder(folder: Path, works: str) -> None:
    """Check that a user's folder is one.

    Raises:
        DataError: naming it when it is not.
    """
    if not folder.is_dir():
        must = "must be a folder, not a file" if folder.exists() else "must be a folder that exists"
        raise DataError(Fault("data.path", must, str(folder), works))


def stamps(folder: Path) -> Iterator[str]:
    """Name, size and time of change of every file below a folder, sorted."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            about = os.lstat(os.path.join(place, name))
            yield f"{place} {name} {about.st_size} {about.st_mtime_ns}"


def decode(
    listed: Sequence[ListedPicture], classes: Iterable[str], size: tuple[int, int] | None, report: Report
) -> Scenes:
    """The pictures and objects of a folder, once; faults go into the report, which is closed.

    Args:
        listed: the pictures.
        classes: classes that are named beside those of the objects, in the order wanted.
        size: height and width in pixels that pictures are fitted into; None for their median shape.
        report: of the folder.

    Raises:
        DataError: with every fault of the folder that is not left out.
    """
    shapes = {one.path: shape for one in listed if (shape := _shape(one, report))}
    fitting = size or _median_shape([*shapes.values()])
    images, kept = [], []
    for one in listed:
        if one.path not in shapes:
            continue
        try:
            with Image.open(one.path) as picture:
                pixels, (height, width) = fit_picture(picture, *fitting)
        except UNREADABLE as error:
            report.add(BROKEN_PICTURE, f"{one.name} ({why_unreadable(error)})")
            continue
        images.append(pixels)
        objects = tuple(_inside(one, height, width, report))
        kept.append((replace(one, objects=objects), fit_scale(height, width, *fitting)))
    names = _classes([one for one, _ in kept], classes, report)
    report.close()
    if not kept:
        raise DataError(Fault("data.path", "must hold pictures with boxes that can be read", "none"))
    return _assembled(images, kept, names)


def _shape(one: ListedPicture, report: Report) -> tuple[int, int] | None:
    """Height and width from a picture's header; None when it cannot be read."""
    try:
        with Image.open(one.path) as picture:
            return picture.height, picture.width
    except UNREADABLE as error:
        report.add(BROKEN_PICTURE, f"{one.name} ({why_unreadable(error)})")
        return None


def _median_shape(shapes: Sequence[tuple[int, int]]) -> tuple[int, int]:
    height, width = (float(side) for side in np.median(shapes, 0)) if shapes else (LEAST_SIDE, LEAST_SIDE)
    scale = min(math.sqrt(MOST_PIXELS / (height * width)), 1.0)
    height, width = (max(round(side * scale / STEP) * STEP, LEAST_SIDE) for side in (height, width))
    return int(height), int(width)


def _inside(one: ListedPicture, height: int, width: int, report: Report) -> Iterator[Labelled]:
    """The objects of a picture with their boxes cut at its edge."""
    for thing in one.objects:
        left, top, right, bottom = thing.box
        told = f"{one.name} {thing.label} {[round(edge, 1) for edge in thing.box]}"
        cut = (max(left, 0.0), max(top, 0.0), min(right, float(width)), min(bottom, float(height)))
        if right <= left or bottom <= top:
            report.add(EMPTY_BOX, told)
            continue
        if max(abs(edge - new) for edge, new in zip(thing.box, cut, strict=True)) > TOLERANCE:
            report.add(OUTSIDE, f"{told} in {width} x {height}")
        if cut[2] > cut[0] and cut[3] > cut[1]:
            yield replace(thing, box=cut)


def _classes(kept: Sequence[ListedPicture], named: Iterable[str], report: Report) -> tuple[str, ...]:
    """All classes that have an object to train on; a report of the others."""
    learned = {thing.label for one in kept if one.part == TRAIN for thing in one.objects if not thing.ignored}
    shown = {thing.label for one in kept for thing in one.objects}
    order = [*dict.fromkeys([*named, *sorted(shown)])]
    for name in order:
        if name not in learned:
            report.add(NO_EXAMPLE, name)
    return tuple(name for name in order if name in learned)


def _assembled(
    images: Sequence[npt.NDArray[np.uint8]], kept: Sequence[tuple[ListedPicture, float]], classes: tuple[str, ...]
) -> Scenes:
    number = {name: index for index, name in enumerate(classes)}
    boxes: list[npt.NDArray[Any]] = []
    labels: list[npt.NDArray[Any]] = []
    ignored: list[npt.NDArray[Any]] = []
    for one, scale in kept:
        known = [thing for thing in one.objects if thing.label in number]
        boxes.append(np.array([thing.box for thing in known], np.float32).reshape(-1, 4) * np.float32(scale))
        labels.append(np.array([number[thing.label] for thing in known], np.int64))
        ignored.append(np.array([thing.ignored for thing in known], np.bool_))
    return Scenes(
        images=np.stack(images),
        boxes=padded(boxes, 0, (4,), np.float32),
        labels=padded(labels, NO_OBJECT, (), np.int64),
        ignored=padded(ignored, False, (), np.bool_),
        parts=np.array([one.part for one, _ in kept], np.uint8),
        classes=classes,
    )
