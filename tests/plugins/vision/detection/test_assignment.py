from __future__ import annotations

import itertools

import pytest
import torch
from attnframe_vision.detection.assignment import assign, match
from attnframe_vision.detection.networks.base import Targets

CENTRES = torch.cartesian_prod(torch.arange(4), torch.arange(4)).flip(1) * 8.0 + 4  # 32 x 32 pixels, stride 8


def targets(*boxes: tuple[float, ...], ignored: tuple[int, ...] = ()) -> Targets:
    marks = torch.tensor([[number in ignored for number in range(len(boxes))]])
    return Targets(torch.tensor([boxes]).float(), torch.zeros(1, len(boxes), dtype=torch.int64), marks)


def places(positive: torch.Tensor) -> list[int]:
    return positive[0].nonzero().squeeze(1).tolist()


def test_places_within_box_and_radius_learn_an_object() -> None:
    _, positive, counted = assign(CENTRES, targets((0, 0, 32, 32)), 8, 1.0)
    assert places(positive) == [5, 6, 9, 10]
    _, positive, _ = assign(CENTRES, targets((0, 0, 32, 32)), 8, 2.0)
    assert len(places(positive)) == 16
    _, positive, _ = assign(CENTRES, targets((6, 6, 20, 14)), 8, 2.0)
    assert places(positive) == [5]
    assert counted.all()


def test_an_object_smaller_than_a_place_is_learned_by_the_place_that_holds_its_centre() -> None:
    chosen, positive, _ = assign(CENTRES, targets((16.5, 8.5, 18.5, 10.5)), 8, 1.5)
    assert places(positive) == [6]
    assert chosen[0, 6] == 0


def test_of_several_objects_the_smallest_is_learned() -> None:
    chosen, positive, _ = assign(CENTRES, targets((0, 0, 32, 32), (8, 8, 24, 24)), 8, 3.0)
    assert len(places(positive)) == 16
    assert [place for place in range(16) if chosen[0, place] == 1] == [5, 6, 9, 10]


def test_ignored_objects_are_not_learned_and_their_places_do_not_count() -> None:
    _, positive, counted = assign(CENTRES, targets((0, 0, 16, 16), (16, 16, 32, 32), ignored=(1,)), 8, 3.0)
    assert places(positive) == [0, 1, 4, 5]
    assert places(~counted) == [10, 11, 14, 15]


def test_without_objects_every_place_counts_and_none_learns() -> None:
    nothing = Targets(torch.zeros(2, 1, 4), torch.full((2, 1), -1), torch.zeros(2, 1, dtype=torch.bool))
    chosen, positive, counted = assign(CENTRES, nothing, 8, 1.5)
    assert not positive.any()
    assert not chosen.any()
    assert counted.all()


@pytest.mark.parametrize("objects", [2, 4, 5])
def test_matching_costs_the_least_of_all_matchings(objects: int) -> None:
    costs = torch.rand(1, 4, objects, generator=torch.Generator().manual_seed(1))
    query, matched = match(costs, torch.ones(1, objects, dtype=torch.bool))
    pairs = min(objects, 4)
    assert matched.sum() == pairs
    assert len(set(query[matched].tolist())) == pairs
    found = sum(costs[0, query[0, one], one].item() for one in range(objects) if matched[0, one])
    least = min(
        sum(costs[0, q, o].item() for q, o in zip(rows, columns, strict=True))
        for rows in itertools.permutations(range(4), pairs)
        for columns in itertools.combinations(range(objects), pairs)
    )
    assert found == pytest.approx(least)


def test_objects_that_do_not_take_part_get_no_query() -> None:
    query, matched = match(torch.rand(1, 3, 2), torch.tensor([[False, True]]))
    assert matched.tolist() == [[False, True]]
    assert query[0, 0] == 0
