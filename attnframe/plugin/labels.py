"""Labelled examples: their classes, the part that each belongs to, and the simplest answer. Torch-free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL, complete_parts


class Labels:
    """The labels of a set that brings no parts of its own.

    Args:
        names: label of each example.
        fractions: shares of train, val and test, each class split alike, the same in every run.
        known: the classes of a checkpoint, in its order; None to take those that occur, sorted.

    Attributes:
        classes: names, in the order of their indices.
        indices: (N,) index of each example's class.
        parts: the rows of train, val and test.

    Raises:
        DataError: when a label is none of the known classes, only one class occurs, or a part has no examples.
    """

    def __init__(
        self, names: Sequence[str], fractions: tuple[float, float, float], known: Sequence[str] | None = None
    ) -> None:
        self.classes = list(known) if known is not None else sorted(set(names))
        strange = sorted(set(names) - set(self.classes))
        if strange:
            must = f"must be among those of the checkpoint ({', '.join(self.classes)})"
            raise DataError(Fault("The labels of the data", must, ", ".join(strange)))
        if len(self.classes) < 2:
            raise DataError(Fault("The labels of the data", "must be at least two", ", ".join(self.classes) or "none"))
        self.indices: npt.NDArray[np.int64] = np.array([self.classes.index(name) for name in names], np.int64)
        parts = complete_parts(np.full(len(names), TRAIN, np.uint8), self.indices, fractions)
        self.parts = tuple(np.flatnonzero(parts == part) for part in (TRAIN, VAL, TEST))
        works = "Give more examples, or each part a share with data.split=[0.8,0.1,0.1]."
        empty = [name for name, rows in zip(("train", "val", "test"), self.parts, strict=True) if not len(rows)]
        if empty:
            raise DataError([Fault(f"The {name} part", "must hold examples", "none", works) for name in empty])

    def floor(self) -> dict[str, Any]:
        """The accuracy of always answering the most frequent class of the training part."""
        answer = np.bincount(self.indices[self.parts[TRAIN]]).argmax()
        accuracy = (self.indices[self.parts[TEST]] == answer).mean().item()
        return {"name": "most frequent class", "test/accuracy": accuracy}
