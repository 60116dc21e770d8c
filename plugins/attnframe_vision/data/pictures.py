"""What every source of pictures gives: decoded arrays, labels, class names and the parts that the data bring."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from attnframe_vision.data.cache import Arrays
from attnframe_vision.recipes.pictures import Fit


@dataclass(frozen=True)
class Pictures:
    """A decoded set of pictures.

    Args:
        images: (N, C, H, W) uint8, C is 1 (grey) or 3 (RGB).
        labels: (N,) int64, indices into `classes`.
        parts: (N,) uint8, `TRAIN`, `VAL` or `TEST` of `attnframe.plugin.splitting` as the data bring it.
        classes: class names, in the order of the labels.
        fit: how pictures of another shape were brought to this size; prediction does the same.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    parts: npt.NDArray[np.uint8]
    classes: tuple[str, ...]
    fit: Fit = "squash"

    def arrays(self) -> Arrays:
        """What the cache keeps as arrays."""
        return {"images": self.images, "labels": self.labels, "parts": self.parts}

    def about(self) -> dict[str, Any]:
        """What the cache keeps beside them."""
        return {"classes": list(self.classes), "fit": self.fit}


class Source(ABC):
    """Where pictures come from."""

    name: str
    """Name of the data set, for its cache folder."""

    @abstractmethod
    def fingerprint(self) -> str:
        """A text that changes whenever `read` would give something else; cheap beside `read`.

        Raises:
            DataError: with every fault that shows without decoding.
        """

    @abstractmethod
    def read(self) -> Pictures:
        """Decode everything.

        Raises:
            DataError: with every fault of the data.
        """

    def restore(self, arrays: Arrays, about: dict[str, Any]) -> Pictures:
        """The pictures of what the cache kept of them."""
        return Pictures(**arrays, classes=tuple(about["classes"]), fit=about["fit"])
