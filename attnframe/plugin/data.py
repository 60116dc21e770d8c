"""The data contract: three splits that fetch whole batches by index, and the facts that a model needs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

from torch import Tensor

from attnframe.plugin.contract import Facts


class Split(Protocol):
    """One part of a dataset: a length, and whole batches by index, so that no single examples are collated."""

    def __len__(self) -> int: ...

    def batch(self, indices: Tensor) -> Any:
        """The batch of the examples at `indices` (n,)."""


@runtime_checkable
class MeasuredSplit(Split, Protocol):
    """A split of sequences, (N,) `lengths` of its examples in any unit: training batches hold examples of about the
    same length, so that little is padded."""

    @property
    def lengths(self) -> Tensor:
        """(N,) lengths."""


class DataModule(ABC):
    """Data of one run.

    After `setup`: `train`, `val`, `test` (`Split`), `facts` (plain values) and `digest` (sha256 of the data used, hex).

    Before `setup`: `known_facts`, the facts of the checkpoint that is evaluated on this data, None in training. Where
    it is given, the data encodes by it (its vocabulary, its order of classes, its normalisation) and gives it back as
    `facts`; data that cannot raises `DataError`.

    After `setup` too, where the test figures need it to be understood: `protocol`, plain values by name (how examples
    were split, what candidates are ranked, where a series is cut). It stands in the result.
    """

    known_facts: Facts | None = None
    protocol: Mapping[str, Any] = MappingProxyType({})
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
        """A training batch changed at random; by default the batch itself.

        Only torch's global generator may be used, so that a resumed run repeats it.
        """
        return batch

    def floor(self) -> dict[str, Any]:
        """A simple, cheap method on the same split, as ``{"name": "nearest neighbour", "test/accuracy": 0.98, ...}``.

        Empty when there is none.
        """
        return {}
