from __future__ import annotations

import pytest
import torch
from attnframe_vision.detection.metrics import AlsoComputed, AveragePrecision, Found, Objects, average_precision

BOXES = torch.tensor([[0.0, 0, 20, 20], [30, 30, 60, 60]])


def found(boxes: torch.Tensor, scores: list[float], labels: list[int]) -> Found:
    return Found(boxes, torch.tensor(scores), torch.tensor(labels))


def there(labels: list[int], ignored: list[bool] | None = None) -> Objects:
    return Objects(BOXES[: len(labels)], torch.tensor(labels), torch.tensor(ignored or [False] * len(labels)))


def test_all_found_is_one_and_nothing_found_is_zero() -> None:
    assert average_precision([found(BOXES, [0.9, 0.8], [0, 1])], [there([0, 1])]) == {"map50": 1.0, "map": 1.0}
    nothing = found(BOXES[:0], [], [])
    assert average_precision([nothing], [there([0, 1])]) == {"map50": 0.0, "map": 0.0}


def test_a_box_that_overlaps_by_three_quarters_counts_for_overlaps_up_to_it() -> None:
    narrower = torch.tensor([[0.0, 0, 15, 20]])
    scored = average_precision([found(narrower, [0.9], [0])], [there([0])])
    assert scored["map50"] == 1
    assert scored["map"] == pytest.approx(6 / 10)  # 0.50, 0.55, …, 0.75


def test_a_wrong_box_with_a_higher_score_halves_the_precision() -> None:
    wrong_first = found(torch.tensor([[70.0, 70, 90, 90], [0, 0, 20, 20]]), [0.9, 0.5], [0, 0])
    assert average_precision([wrong_first], [there([0])])["map50"] == pytest.approx(0.5, abs=0.01)


def test_ignored_objects_are_neither_missed_nor_wrongly_found() -> None:
    one = found(BOXES[:1], [0.9], [0])
    both = found(BOXES, [0.5, 0.9], [0, 0])
    for boxes in (one, both):
        assert average_precision([boxes], [there([0, 0], [False, True])])["map50"] == 1


def test_objects_of_a_batch_leave_out_what_is_none() -> None:
    batch = {
        "boxes": BOXES.expand(2, 2, 4),
        "labels": torch.tensor([[1, -1], [-1, -1]]),
        "ignored": torch.tensor([[True, False], [False, False]]),
    }
    first, second = Objects.of(batch)
    assert first.labels.tolist() == [1]
    assert first.ignored.tolist() == [True]
    assert len(second.boxes) == 0


def test_another_value_comes_of_the_same_computation() -> None:
    source = AveragePrecision()
    other = AlsoComputed(source, "map")
    for _ in range(2):
        source.update([found(torch.tensor([[0.0, 0, 15, 20]]), [0.9], [0])], [there([0])])
        other.update()
    assert source.compute() == 1
    assert other.compute() == pytest.approx(0.6)
