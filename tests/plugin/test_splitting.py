from __future__ import annotations

import numpy as np
import pytest

from attnframe.plugin.splitting import NO_PART, TEST, TRAIN, VAL, complete_parts, window_parts

LABELS = np.repeat(np.arange(4), 50)


def brought(*parts: int) -> np.ndarray:
    return np.array(parts, np.uint8)[np.arange(len(LABELS)) % len(parts)]


def test_every_class_has_its_share_in_every_part() -> None:
    parts = complete_parts(brought(TRAIN), LABELS, (0.64, 0.16, 0.2))
    for label in range(4):
        counts = [int(((parts == part) & (label == LABELS)).sum()) for part in (TRAIN, VAL, TEST)]
        assert counts == [32, 8, 10]


def test_the_split_is_the_same_every_time_and_ignores_the_global_seed() -> None:
    np.random.seed(1)
    first = complete_parts(brought(TRAIN), LABELS, (0.8, 0.1, 0.1))
    np.random.seed(2)
    assert (first == complete_parts(brought(TRAIN), LABELS, (0.8, 0.1, 0.1))).all()


def test_a_part_that_the_data_bring_is_kept() -> None:
    given = brought(TRAIN, TRAIN, TRAIN, TEST)
    parts = complete_parts(given, LABELS, (0.9, 0.1, 0.0))
    assert ((parts == TEST) == (given == TEST)).all()
    assert 0.08 < (parts == VAL).sum() / (given == TRAIN).sum() < 0.12


def test_all_parts_brought_change_nothing() -> None:
    given = brought(TRAIN, VAL, TEST)
    assert (complete_parts(given, LABELS, (0.8, 0.1, 0.1)) == given).all()


@pytest.mark.parametrize("count", [3, 4, 5])
def test_small_classes_are_in_every_part(count: int) -> None:
    labels = np.repeat(np.arange(2), count)
    parts = complete_parts(np.zeros(2 * count, np.uint8), labels, (0.8, 0.1, 0.1))
    for label in range(2):
        assert set(parts[labels == label]) == {TRAIN, VAL, TEST}


def test_windows_of_two_parts_share_no_moment() -> None:
    firsts = np.arange(100.0)
    lasts = firsts + 9
    parts = window_parts(firsts, lasts, (0.6, 0.2, 0.2))
    assert [int((parts == part).sum()) for part in (TRAIN, VAL, TEST, NO_PART)] == [51, 11, 20, 18]
    for earlier, later in ((TRAIN, VAL), (VAL, TEST)):
        assert lasts[parts == earlier].max() < firsts[parts == later].min()


def test_windows_are_shared_out_by_number_whatever_their_order_and_the_gaps_in_time() -> None:
    firsts = np.array([1000.0, 3, 1, 2, 1001, 4, 5, 0, 6, 7])
    parts = window_parts(firsts, firsts, (0.5, 0.3, 0.2))
    assert [int((parts == part).sum()) for part in (TRAIN, VAL, TEST)] == [5, 3, 2]
    assert parts[0] == parts[4] == TEST
    assert (parts[firsts < 5] == TRAIN).all()


def test_a_part_with_a_share_of_nothing_has_no_windows() -> None:
    firsts = np.arange(10.0)
    assert (window_parts(firsts, firsts, (1.0, 0.0, 0.0)) == TRAIN).all()
    assert set(window_parts(firsts, firsts, (0.5, 0.0, 0.5)).tolist()) == {TRAIN, TEST}
