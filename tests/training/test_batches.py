from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe.training.batches import BatchStream, Selection, Splits, batch_length, in_order, to_device


class Numbers:
    def __init__(self, count: int) -> None:
        self.count = count

    def __len__(self) -> int:
        return self.count

    def batch(self, indices: Tensor) -> Tensor:
        return indices


def noisy(batch: Tensor) -> Tensor:
    return batch + torch.rand(len(batch))


def take(stream: BatchStream, count: int) -> list[Tensor]:
    return list(islice(iter(stream), count))


@pytest.mark.parametrize(("count", "batch_size"), [(10, 4), (12, 4), (3, 8), (1, 1), (101, 7)])
def test_an_epoch_has_every_example_once_in_batches_of_nearly_equal_size(count: int, batch_size: int) -> None:
    stream = BatchStream(Numbers(count), batch_size, seed=0)
    for epoch in range(3):
        batches = stream.order(epoch)
        assert sorted(torch.cat(batches).tolist()) == list(range(count))
        sizes = [len(batch) for batch in batches]
        assert max(sizes) <= batch_size
        assert max(sizes) - min(sizes) <= 1


def test_the_order_depends_on_seed_and_epoch_alone() -> None:
    def order(seed: int, epoch: int) -> list[int]:
        return torch.cat(BatchStream(Numbers(50), 8, seed).order(epoch)).tolist()

    assert order(3, 5) == order(3, 5)
    assert len({tuple(order(seed, epoch)) for seed in range(4) for epoch in range(4)}) == 16


@pytest.mark.parametrize("start", [0, 1, 6, 7, 8, 20])
@pytest.mark.parametrize("num_workers", [0, 2])
def test_a_stream_entered_anywhere_goes_on_with_the_same_bits(start: int, num_workers: int) -> None:
    whole = take(BatchStream(Numbers(50), 8, 1, noisy), 24)
    torch.rand(7)  # what others draw meanwhile makes no difference
    entered = BatchStream(Numbers(50), 8, 1, noisy, num_workers=num_workers)
    entered.start = start
    for expected, got in zip(whole[start:], take(entered, 24 - start), strict=True):
        assert torch.equal(expected, got)


class Measured(Numbers):
    """Examples of random lengths."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.lengths = torch.randint(1, 100, (count,), generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(("count", "batch_size"), [(5000, 8), (12, 4), (3, 8), (5001, 7)])
def test_examples_with_lengths_share_batches_by_length(count: int, batch_size: int) -> None:
    split = Measured(count)
    stream, plain = BatchStream(split, batch_size, seed=0), BatchStream(Numbers(count), batch_size, seed=0)
    batches = stream.order(0)
    assert sorted(torch.cat(batches).tolist()) == list(range(count))
    assert sorted(map(len, batches)) == sorted(map(len, plain.order(0)))

    def padded(order: tuple[Tensor, ...]) -> int:
        return sum(int(split.lengths[batch].max()) * len(batch) for batch in order)

    real = int(split.lengths.sum())
    assert padded(batches) - real <= (padded(plain.order(0)) - real) / (10 if count > 500 else 1)
    assert [batch.tolist() for batch in stream.order(0)] == [batch.tolist() for batch in batches]
    if count > 500:  # Neither are the batches the same in another epoch, nor do short ones come first.
        assert {frozenset(batch.tolist()) for batch in batches}.isdisjoint(
            frozenset(batch.tolist()) for batch in stream.order(1)
        )
        means = [float(split.lengths[batch].float().mean()) for batch in batches]
        assert abs(sum(means[: len(means) // 2]) / sum(means) - 0.5) < 0.1


def test_first_epochs_come_shortest_first_on_request() -> None:
    split = Measured(300)
    stream, plain = BatchStream(split, 8, seed=0, shortest_first=2), BatchStream(split, 8, seed=0)
    for epoch in range(2):
        batches = stream.order(epoch)
        means = [float(split.lengths[batch].float().mean()) for batch in batches]
        assert means == sorted(means)
        assert {tuple(b.tolist()) for b in batches} == {tuple(b.tolist()) for b in plain.order(epoch)}
    assert [b.tolist() for b in stream.order(2)] == [b.tolist() for b in plain.order(2)]
    without = BatchStream(Numbers(300), 8, seed=0, shortest_first=2)
    assert torch.equal(torch.cat(without.order(0)), torch.cat(BatchStream(Numbers(300), 8, seed=0).order(0)))


def test_fetching_leaves_the_global_generator_alone() -> None:
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    take(BatchStream(Numbers(50), 8, 1, noisy), 10)
    assert torch.equal(torch.rand(3), expected)


def test_augmentation_differs_between_batches_and_epochs() -> None:
    fractions = torch.cat(take(BatchStream(Numbers(8), 8, 1, noisy), 20)).frac()
    assert len(fractions.unique()) == len(fractions)


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Slow(Numbers):
    """Batches that take a second, those of the second epoch three."""

    def __init__(self, count: int, clock: Clock) -> None:
        super().__init__(count)
        self.clock, self.fetched = clock, 0

    def batch(self, indices: Tensor) -> Tensor:
        self.clock.now += 3 if self.count <= self.fetched < 2 * self.count else 1
        self.fetched += 1
        return indices


@pytest.mark.parametrize(("batches", "share"), [(3, 0.5), (17, 0.5), (33, 0.75), (50, 0.75)])
def test_a_stream_knows_the_largest_share_of_an_epoch_spent_waiting(
    batches: int, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr("attnframe.training.batches.perf_counter", clock)
    stream = BatchStream(Slow(16, clock), 1, 0)
    for _ in islice(iter(stream), batches):
        clock.now += 1
    assert stream.data_wait == share


def test_short_epochs_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("attnframe.training.batches.perf_counter", clock)
    stream = BatchStream(Slow(8, clock), 1, 0)
    for _ in islice(iter(stream), 17):
        clock.now += 1
    assert stream.data_wait == pytest.approx((8 * 1 + 8 * 3) / (8 * 2 + 8 * 4))


def test_limit_shortens_the_epoch() -> None:
    stream = BatchStream(Numbers(50), 8, 1, limit=2)
    assert stream.batches_per_epoch == 2
    first, second, third = take(stream, 3)
    assert torch.equal(third, stream.order(1)[0])
    assert not torch.equal(first, second)


def test_in_order_gives_every_example_once() -> None:
    assert torch.cat(list(in_order(Numbers(10), 4))).tolist() == list(range(10))
    assert [len(batch) for batch in in_order(Numbers(10), 4)] == [4, 4, 2]
    assert len(list(in_order(Numbers(10), 4, limit=2))) == 2


def test_a_selection_is_a_split_of_its_examples() -> None:
    selection = Selection(Numbers(10), torch.tensor([7, 2, 5]))
    assert len(selection) == 3
    assert selection.batch(torch.tensor([2, 0])).tolist() == [5, 7]


def test_overfit_batches_makes_one_split_for_all_stages(toy_plan: Callable[..., Any]) -> None:
    plan = toy_plan(trainer__overfit_batches=2, data__batch_size=5)
    data = plan.data.build(data_dir=plan.data_dir, cache_dir=plan.cache_dir, seed=0)
    data.setup()
    splits = Splits.of(data, plan)
    assert splits.train is splits.val is splits.test
    assert len(splits.train) == 10
    assert not splits.augmented


def test_batches_of_any_nesting_move_and_are_counted() -> None:
    batch = {"x": (torch.ones(3, 2), [torch.ones(3)]), "name": "text"}
    moved = to_device(batch, torch.device("meta"))
    assert moved["x"][0].device.type == moved["x"][1][0].device.type == "meta"
    assert moved["name"] == "text"
    assert batch_length(batch) == 3
