"""The data module of every set of pictures."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnframe.errors import DataError, Fault
from attnframe.plugin.data import DataModule
from attnframe.plugin.splitting import TEST, TRAIN, VAL, complete_parts
from attnframe_vision.data import cache
from attnframe_vision.data.adapting import background_of, fill_of
from attnframe_vision.data.augmentation import Augmentation
from attnframe_vision.data.floor import nearest_neighbours
from attnframe_vision.data.known import as_known
from attnframe_vision.data.pictures import Pictures, Source
from attnframe_vision.recipes.pictures import PictureData

STATISTICS = 10_000
"""Training pictures that mean, deviation and background are measured on, evenly spaced."""


class PictureSplit:
    """One part of a set of pictures; a batch is ``{"pictures": (n, C, H, W) uint8, "labels": (n,) int64}``.

    Args:
        images: (N, C, H, W) uint8 pictures of the whole set, possibly memory-mapped.
        labels: (N,) class indices of the whole set.
        members: (n,) indices of this part's pictures.
    """

    def __init__(self, images: Tensor, labels: Tensor, members: Tensor) -> None:
        self.images, self.labels, self.members = images, labels, members

    def __len__(self) -> int:
        return len(self.members)

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The batch of the pictures at `indices` (n,) of this part."""
        rows = self.members[indices]
        return {"pictures": self.images[rows], "labels": self.labels[rows]}


class PictureModule(DataModule):
    """Pictures of one source, decoded once, split, with the facts that a model needs.

    Facts: ``classes``, ``channels``, ``size`` [height, width], ``mean`` and ``std`` per channel of training pixels in
    [0, 1], and how a user's own picture is adapted: ``fit``, ``background`` (brightness in [0, 1], null when it is
    not plain), ``fill``.

    Args:
        recipe: batches and augmentation.
        source: where the pictures come from.
        cache_dir: root of derived files.
    """

    train: PictureSplit
    val: PictureSplit
    test: PictureSplit

    def __init__(self, recipe: PictureData, source: Source, cache_dir: Path) -> None:
        self.recipe, self.source, self.cache_dir = recipe, source, cache_dir

    def setup(self) -> None:
        pictures, content = cache.load(self.source, self.cache_dir)
        if self.known_facts is not None:
            pictures = as_known(pictures, self.known_facts)
        parts = complete_parts(pictures.parts, pictures.labels, self.recipe.split)
        if faults := self._faults(pictures, parts):
            raise DataError(faults)
        self.digest = hashlib.sha256(content.encode() + parts.tobytes()).hexdigest()
        images, labels = torch.from_numpy(pictures.images), torch.from_numpy(pictures.labels)
        self.train, self.val, self.test = (
            PictureSplit(images, labels, torch.from_numpy(np.flatnonzero(parts == part))) for part in (TRAIN, VAL, TEST)
        )
        self.facts = self._facts(pictures) if self.known_facts is None else self.known_facts
        self._augmentation = Augmentation(self.recipe, len(pictures.classes))

    def augment(self, batch: Any) -> Any:
        return self._augmentation(batch)

    def floor(self) -> dict[str, Any]:
        return nearest_neighbours(self.train, self.val, self.test)

    def _faults(self, pictures: Pictures, parts: np.ndarray[Any, np.dtype[np.uint8]]) -> list[Fault]:
        found = []
        for part, name in ((TRAIN, "train"), (VAL, "val"), (TEST, "test")):
            if not (parts == part).any():
                works = "Give each a share with data.split=[0.8,0.1,0.1]."
                found.append(
                    Fault("data.split", f"must leave pictures for {name}", str(list(self.recipe.split)), works)
                )
        if self.known_facts is not None:
            return found
        trained = np.bincount(pictures.labels[parts == TRAIN], minlength=len(pictures.classes))
        for name, count in zip(pictures.classes, trained, strict=True):
            if not count:
                found.append(
                    Fault(f"class {name}", "must have pictures to train on", "none", "Add pictures or drop the class.")
                )
        return found

    def _facts(self, pictures: Pictures) -> dict[str, Any]:
        rows = self.train.members[:: max(len(self.train) // STATISTICS, 1)]
        sample = self.train.images[rows].numpy()
        scaled = sample.astype(np.float32) / 255
        background = background_of(sample)
        return {
            "classes": list(pictures.classes),
            "channels": int(sample.shape[1]),
            "size": [int(sample.shape[2]), int(sample.shape[3])],
            "mean": [float(value) for value in scaled.mean((0, 2, 3))],
            "std": [max(float(value), 1e-3) for value in scaled.std((0, 2, 3))],
            "fit": pictures.fit,
            "background": background,
            "fill": 1.0 if background is None else fill_of(sample, background),
        }
