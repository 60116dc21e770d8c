"""The data contract: a data module gives three splits that fetch whole batches by index, and the facts a model needs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Protocol

from torch import Tensor

from attnframe.plugin.contract import Facts


class Split(Protocol):
    """One part of a dataset: a length, and whole batches by index, so that no time goes into collating single examples."""

    def __len__(self) -> int: ...

    def batch(self, indices: Tensor) -> Any:
        """The batch of the examples at `indices` (n,)."""


class DataModule(ABC):
    """Data of one run.

    Attributes after `setup`: `train`, `val`, `test` (`Split`), `facts` (plain values), `digest` (sha256 of the data used, hex).

    Attribute before `setup`: `known_facts`, the facts of the checkpoint that is evaluated on this data, None in training. Where it is
    given, the data encodes by it (its vocabulary, its order of classes, its normalisation) and gives it back as `facts`; data that
    cannot raises `DataError`.
    """

    known_facts: Facts | None = None
    train: Split
    val: Split
    test: Split
    facts: Facts
    digest: str

    @abstractmethod
    def setup(self) -> None:
        """Read, check, split and cache the data.

        Raises:
            DataError: with every fault of the data at once.
        """

    def augment(self, batch: Any) -> Any:
        """Change a training batch at random (torch's global generator only, so that a resumed run repeats it); the batch itself by default."""
        return batch

    def floor(self) -> dict[str, Any]:
        """A simple method on the same split: ``{"name": "nearest neighbour", "test/accuracy": 0.98, ...}``; cheap, and empty when there is none."""
        return {}
