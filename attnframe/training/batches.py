"""Batches of one run: their order is a function of seed and epoch, so a position in it is one number.

Each batch is fetched whole (no collating of single examples) under random numbers of its own, so it is the same bits
wherever the stream was entered and however many workers load it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from attnframe.plan import RunPlan
from attnframe.plugin.data import DataModule, MeasuredSplit, Split

_EPOCH_STREAM, _BATCH_STREAM = 1, 2
_POOL = 128
"""Batches whose examples are sorted by length together, where the split has lengths."""


_STRETCH = 16
"""Batches at least whose waiting is told as a share of their time."""


class BatchStream:
    """Training batches without end, epoch after epoch; iterating starts at batch `start`.

    An epoch is a permutation of the examples in batches whose sizes differ by at most one. Examples that have lengths
    (`MeasuredSplit`) share a batch with others of about the same length, so that little of it is padding: batches are
    cut from the sorted examples of 128, and come in random order but for the first epochs on request.

    Args:
        split: the training examples.
        batch_size: largest number of examples a batch.
        seed: seed of the order and of augmentation.
        augment: changes a batch at random; drawn from torch's global generator, which is seeded for each batch.
        num_workers: processes that fetch batches ahead; 0 fetches in this one.
        limit: batches an epoch, for debugging; None for all.
        shortest_first: epochs at the beginning whose batches come from the shortest examples to the longest.

    Attributes:
        data_wait: the largest share of an epoch's time, in [0, 1], that went into waiting for batches so far; where
            epochs have fewer than 16 batches, of the time of so many epochs that they have, since the trainer asks for
            a batch before it has used the last one.
    """

    def __init__(
        self,
        split: Split,
        batch_size: int,
        seed: int,
        augment: Callable[[Any], Any] | None = None,
        num_workers: int = 0,
        limit: int | None = None,
        shortest_first: int = 0,
    ) -> None:
        self.split = split
        self.seed = seed
        self.augment = augment
        self.num_workers = num_workers
        self.shortest_first = shortest_first
        self.chunks = -(-len(split) // batch_size)
        self.batches_per_epoch = self.chunks if limit is None else min(limit, self.chunks)
        self.start = 0
        self.data_wait = 0.0

    def order(self, epoch: int) -> tuple[Tensor, ...]:
        """The indices of each batch of an epoch."""
        generator = torch.Generator().manual_seed(_mix(self.seed, _EPOCH_STREAM, epoch, 0))
        batches = torch.randperm(len(self.split), generator=generator).tensor_split(self.chunks)
        if isinstance(self.split, MeasuredSplit):
            batches = _by_length(batches, self.split.lengths, generator)
            if epoch < self.shortest_first:
                batches = _shortest_first(batches, self.split.lengths)
        return batches[: self.batches_per_epoch]

    def __iter__(self) -> Iterator[Any]:
        batches, epochs = self._batches(), 0
        stretch = -(-_STRETCH // self.batches_per_epoch) * self.batches_per_epoch
        left = stretch - self.start % self.batches_per_epoch
        while True:
            began, waited, share = perf_counter(), 0.0, 0.0
            for _ in range(left):
                asked = perf_counter()
                batch = next(batches)
                waited += perf_counter() - asked
                yield batch
                share = waited / (perf_counter() - began)
                if epochs == 0:  # It may be cut short; what begins later and does not end says little.
                    self.data_wait = share
            self.data_wait = max(self.data_wait, share)
            epochs, left = epochs + 1, stretch

    def _batches(self) -> Iterator[Any]:
        fetch = _Fetch(self.split, self.augment, self.seed)
        if self.num_workers == 0:
            return (fetch[key] for key in self._keys())
        return iter(
            DataLoader(
                fetch, batch_size=None, sampler=self._keys(), num_workers=self.num_workers, collate_fn=_unchanged
            )
        )

    def _keys(self) -> Iterator[tuple[int, int, Tensor]]:
        epoch, first = divmod(self.start, self.batches_per_epoch)
        while True:
            batches = self.order(epoch)
            for index in range(first, self.batches_per_epoch):
                yield epoch, index, batches[index]
            epoch, first = epoch + 1, 0


def _by_length(batches: Sequence[Tensor], lengths: Tensor, generator: torch.Generator) -> tuple[Tensor, ...]:
    """Batches of the same examples and sizes, each of examples of about the same length."""
    arranged: list[Tensor] = []
    for first in range(0, len(batches), _POOL):
        pool = batches[first : first + _POOL]
        examples = torch.cat([*pool])
        examples = examples[lengths[examples].argsort(stable=True)]
        arranged += examples.split_with_sizes([len(batch) for batch in pool])
    return tuple(arranged[number] for number in torch.randperm(len(arranged), generator=generator).tolist())


def _shortest_first(batches: Sequence[Tensor], lengths: Tensor) -> tuple[Tensor, ...]:
    """Batches in the order of the mean length of their examples."""
    mean = torch.stack([lengths[batch].double().mean() for batch in batches])
    return tuple(batches[number] for number in mean.argsort(stable=True).tolist())


class _Fetch(Dataset[Any]):
    """Batch by (epoch, number in the epoch, indices)."""

    def __init__(self, split: Split, augment: Callable[[Any], Any] | None, seed: int) -> None:
        self.split = split
        self.augment = augment
        self.seed = seed

    def __getitem__(self, key: tuple[int, int, Tensor]) -> Any:
        epoch, index, indices = key
        state = torch.get_rng_state()
        try:
            torch.default_generator.manual_seed(_mix(self.seed, _BATCH_STREAM, epoch, index))
            batch = self.split.batch(indices)
            return batch if self.augment is None else self.augment(batch)
        finally:
            torch.set_rng_state(state)


def in_order(split: Split, batch_size: int, limit: int | None = None) -> Iterator[Any]:
    """The batches of a split in order, for evaluation.

    Args:
        split: the examples.
        batch_size: examples a batch; the last one may be smaller.
        limit: most batches, for debugging; None for all.
    """
    batches = -(-len(split) // batch_size)
    for number in range(batches if limit is None else min(limit, batches)):
        first = number * batch_size
        yield split.batch(torch.arange(first, min(first + batch_size, len(split))))


class Selection:
    """Some examples of a split, as a split without lengths."""

    def __init__(self, split: Split, indices: Tensor) -> None:
        self.split = split
        self.indices = indices

    def __len__(self) -> int:
        return len(self.indices)

    def batch(self, indices: Tensor) -> Any:
        """The batch of the selected examples at `indices` (n,)."""
        return self.split.batch(self.indices[indices])


@dataclass(frozen=True)
class Splits:
    """The examples that a run trains, validates and tests on."""

    train: Split
    val: Split
    test: Split
    augmented: bool = True

    @staticmethod
    def of(data: DataModule, plan: RunPlan) -> Splits:
        """The data's own splits, or with trainer.overfit_batches the same few training batches for all three, not
        augmented."""
        count = plan.trainer.overfit_batches * plan.data.batch_size
        if count == 0:
            return Splits(data.train, data.val, data.test)
        chosen = torch.randperm(len(data.train), generator=torch.Generator().manual_seed(plan.seed))[:count]
        few = Selection(data.train, chosen)
        return Splits(few, few, few, augmented=False)


def to_device(batch: Any, device: torch.device) -> Any:
    """A batch (tensor, or dict, list or tuple of tensors) on a device."""
    if isinstance(batch, Tensor):
        return batch.to(device, non_blocking=True)
    if isinstance(batch, dict):
        return {name: to_device(value, device) for name, value in batch.items()}
    if isinstance(batch, list | tuple):
        return type(batch)(to_device(value, device) for value in batch)
    return batch


def batch_length(batch: Any) -> int:
    """Number of examples of a batch: the leading axis of its first tensor."""
    while not isinstance(batch, Tensor):
        batch = next(iter(batch.values() if isinstance(batch, dict) else batch))
    return batch.shape[0]


def _unchanged(batch: Any) -> Any:
    return batch


def _mix(seed: int, stream: int, epoch: int, index: int) -> int:
    """One 63-bit seed of four numbers (multiplicative hashing, as in FNV-1a over 64-bit words)."""
    mixed = 0xCBF29CE484222325
    for number in (seed, stream, epoch, index):
        mixed = ((mixed ^ (number & 0xFFFFFFFFFFFFFFFF)) * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        mixed ^= mixed >> 29
    return mixed >> 1
