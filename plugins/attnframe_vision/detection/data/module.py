"""The data module of every set of pictures with boxes."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe.plugin.data import DataModule
from attnframe.plugin.splitting import TEST, TRAIN, VAL, complete_parts
from attnframe_vision.data import cache
from attnframe_vision.detection.data.augmentation import SceneAugmentation
from attnframe_vision.detection.data.floor import mean_boxes
from attnframe_vision.detection.data.scenes import NO_OBJECT, Scenes, SceneSource
from attnframe_vision.detection.recipes.scenes import SceneData

STATISTICS = 2_000
"""Training pictures that mean and deviation are measured on, evenly spaced."""
PARTS = {"train": TRAIN, "val": VAL, "test": TEST}


class SceneSplit:
    """One part of a set of pictures with boxes.

    A batch is ``{"pictures": (n, 3, H, W) uint8, "boxes": (n, M, 4) float32, "labels": (n, M) int64, "ignored": (n, M)
    bool}``, as in `Scenes`.

    Args:
        scenes: the whole set, as tensors by name.
        members: (n,) indices of this part's pictures.
    """

    def __init__(self, scenes: dict[str, Tensor], members: Tensor) -> None:
        self.scenes, self.members = scenes, members

    def __len__(self) -> int:
        return len(self.members)

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The batch of the pictures at `indices` (n,) of this part."""
        rows = self.members[indices]
        return {name: values[rows] for name, values in self.scenes.items()}


class SceneModule(DataModule):
    """Pictures with boxes of one source, decoded once, split, with the facts that a model needs.

    Facts: ``classes``, ``size`` [height, width], ``mean`` and ``std`` per channel of training pixels in [0, 1],
    ``side`` (median of the roots of the training boxes' areas, in pixels) and ``objects`` (most in one picture).

    Args:
        recipe: batches and augmentation.
        source: where the pictures come from.
        cache_dir: root of derived files.
    """

    train: SceneSplit
    val: SceneSplit
    test: SceneSplit

    def __init__(self, recipe: SceneData, source: SceneSource, cache_dir: Path) -> None:
        self.recipe, self.source, self.cache_dir = recipe, source, cache_dir

    def setup(self) -> None:
        known, source = self.known_facts, self.source
        if known is not None:
            height, width = known["size"]
            source = source.resized((height, width))
        scenes, content = cache.load(source, self.cache_dir)
        if known is not None:
            scenes = as_known(scenes, known)
        parts = complete_parts(scenes.parts, np.zeros(len(scenes.parts), np.int64), self.recipe.split)
        if faults := self._faults(scenes, parts):
            raise DataError(faults)
        self.digest = hashlib.sha256(content.encode() + parts.tobytes()).hexdigest()
        names = {"pictures": scenes.images, "boxes": scenes.boxes, "labels": scenes.labels, "ignored": scenes.ignored}
        tensors = {name: torch.from_numpy(array) for name, array in names.items()}
        self.train, self.val, self.test = (
            SceneSplit(tensors, torch.from_numpy(np.flatnonzero(parts == part))) for part in PARTS.values()
        )
        self.facts = self._facts(scenes) if known is None else known
        counts = " / ".join(str(len(split)) for split in (self.train, self.val, self.test))
        height, width = self.facts["size"]
        self.protocol = {"pictures": counts, "brought to": f"{height} x {width} pixels"}
        self._augmentation = SceneAugmentation(self.recipe)

    def augment(self, batch: Any) -> Any:
        return self._augmentation(batch)

    def floor(self) -> dict[str, Any]:
        return mean_boxes(self.train, self.test, len(self.facts["classes"]))

    def _faults(self, scenes: Scenes, parts: np.ndarray[Any, np.dtype[np.uint8]]) -> list[Fault]:
        found = []
        for name, part in PARTS.items():
            if not (parts == part).any():
                works = "Give each a share with data.split=[0.8,0.1,0.1]."
                got = str(list(self.recipe.split))
                found.append(Fault("data.split", f"must leave pictures for {name}", got, works))
        if self.known_facts is None:
            learned = scenes.labels[parts == TRAIN][~scenes.ignored[parts == TRAIN]]
            for number, name in enumerate(scenes.classes):
                if not (learned == number).any():
                    works = "Add pictures of it to train, or drop the class."
                    found.append(Fault(f"class {name}", "must have boxes to train on", "none", works))
        return found

    def _facts(self, scenes: Scenes) -> Facts:
        members = self.train.members.numpy()
        sample = scenes.images[members[:: max(len(members) // STATISTICS, 1)]].astype(np.float32) / 255
        labels, boxes = scenes.labels[members], scenes.boxes[members]
        sides = boxes[labels != NO_OBJECT]
        areas = (sides[:, 2] - sides[:, 0]) * (sides[:, 3] - sides[:, 1])
        return {
            "classes": list(scenes.classes),
            "size": [int(side) for side in scenes.images.shape[2:]],
            "mean": [float(value) for value in sample.mean((0, 2, 3))],
            "std": [max(float(value), 1e-3) for value in sample.std((0, 2, 3))],
            "side": float(np.sqrt(np.median(areas))),
            "objects": int((labels != NO_OBJECT).sum(1).max()),
        }


def as_known(scenes: Scenes, facts: Facts) -> Scenes:
    """Scenes with the classes, in the order, that `facts` name.

    Raises:
        DataError: with every class that the model was not trained on.
    """
    known = {name: number for number, name in enumerate(facts["classes"])}
    works = f"Known: {', '.join(known)}."
    must = "must be one that the model was trained on"
    if faults := [Fault(f"class {name}", must, "", works) for name in scenes.classes if name not in known]:
        raise DataError(faults)
    numbers = np.array([*(known[name] for name in scenes.classes), NO_OBJECT], np.int64)
    return replace(scenes, labels=numbers[scenes.labels], classes=tuple(known))
