"""What every source of pictures with boxes gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from attnframe_vision.data.cache import Arrays

NO_OBJECT: Final = -1
"""The label of a row that holds no object."""


@dataclass(frozen=True)
class Scenes:
    """A decoded set of pictures with boxes; pictures with fewer than M objects have rows without one.

    Args:
        images: (N, 3, H, W) uint8.
        boxes: (N, M, 4) float32, left, top, right and bottom in pixels of `images`, 0 without an object.
        labels: (N, M) int64 indices into `classes`, `NO_OBJECT` without an object.
        ignored: (N, M) bool, objects that are neither learned nor scored (VOC's difficult, COCO's crowds).
        parts: (N,) uint8, `TRAIN`, `VAL` or `TEST` of `attnframe.plugin.splitting` as the data bring it.
        classes: class names, in the order of the labels.
    """

    images: npt.NDArray[np.uint8]
    boxes: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    ignored: npt.NDArray[np.bool_]
    parts: npt.NDArray[np.uint8]
    classes: tuple[str, ...]

    def arrays(self) -> Arrays:
        """What the cache keeps as arrays."""
        names = ("images", "boxes", "labels", "ignored", "parts")
        return {name: getattr(self, name) for name in names}

    def about(self) -> dict[str, Any]:
        """What the cache keeps beside them."""
        return {"classes": list(self.classes)}


class SceneSource(ABC):
    """Where pictures with boxes come from."""

    name: str
    """Name of the data set, for its cache folder."""

    @abstractmethod
    def fingerprint(self) -> str:
        """A text that changes whenever `read` would give something else; cheap beside `read`.

        Raises:
            DataError: with every fault that shows without decoding.
        """

    @abstractmethod
    def read(self) -> Scenes:
        """Decode everything.

        Raises:
            DataError: with every fault of the data.
        """

    def resized(self, size: tuple[int, int]) -> SceneSource:
        """The same source with pictures fitted into `size`, height and width in pixels, those of a trained model."""
        return self

    def restore(self, arrays: Arrays, about: dict[str, Any]) -> Scenes:
        """The set of what the cache kept of it."""
        return Scenes(**arrays, classes=tuple(about["classes"]))


def padded(rows: Sequence[npt.NDArray[Any]], fill: float, width: tuple[int, ...], dtype: Any) -> npt.NDArray[Any]:
    """Rows of unequal length as one array, at least one long.

    Args:
        rows: of shape (n_i, *width).
        fill: what stands where a row is shorter.
        width: shape of what a row holds.
        dtype: of the result.

    Returns:
        (len(rows), M, *width), M the longest length.
    """
    longest = max((len(row) for row in rows), default=0)
    filled = np.full((len(rows), max(longest, 1), *width), fill, dtype)
    for place, row in zip(filled, rows, strict=True):
        place[: len(row)] = row
    return filled
