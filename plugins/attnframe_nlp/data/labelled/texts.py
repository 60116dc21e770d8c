"""Texts with a label each, and the contract of what gives them."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from attnframe.errors import Fault
from attnframe.plugin.splitting import TEST, TRAIN, VAL


@dataclass(frozen=True)
class Texts:
    """Texts, each with a label and a part.

    Args:
        texts: N texts. labels: the label of each, by name.
        parts: (N,) `TRAIN`, `VAL` or `TEST`; parts that do not occur are cut off the training part.
        protocol: how test figures are to be read, by name; see `DataModule`.
    """

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    parts: npt.NDArray[np.uint8]
    protocol: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """sha256 (hex) of all of it."""
        found = hashlib.sha256()
        for text, label, part in zip(self.texts, self.labels, self.parts.tolist(), strict=True):
            found.update(f"{part}\t{label}\t{text}\n".encode())
        return found.hexdigest()


class TextSource(ABC):
    """Where texts with labels come from."""

    @abstractmethod
    def read(self) -> Texts:
        """Find and check the texts.

        Raises:
            DataError: with every fault at once.
        """


def class_faults(texts: Texts, where: str) -> list[Fault]:
    """What is wrong with the labels of texts that a user gave: fewer than two, or one without enough to train on.

    Args:
        texts: the texts. where: the path that they came from.
    """
    counts = Counter(texts.labels)
    trained = Counter(label for label, part in zip(texts.labels, texts.parts, strict=True) if part == TRAIN)
    faults = []
    if len(counts) < 2:
        got = f"only {next(iter(counts))!r}" if counts else "no text"
        faults.append(Fault(where, "must hold texts of at least 2 labels", got))
    fewest = 1 + len({VAL, TEST} - set(texts.parts.tolist()))
    for label in sorted(counts):
        if trained[label] < fewest:
            must = f"must have at least {fewest} texts to train on and to cut missing parts off"
            faults.append(Fault(f"label {label!r}", must, str(trained[label]), "Add some, or leave the label out."))
    return faults
