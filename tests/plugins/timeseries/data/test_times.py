"""Steps of time, and the times after them."""

from __future__ import annotations

import pandas as pd
import pytest
from attnframe_timeseries.data.times import read_times, step_faults, times_after


def read(*texts: str) -> pd.Index:
    times = read_times(pd.Series(texts))
    assert times is not None
    return times


@pytest.mark.parametrize(
    ("texts", "after"),
    [
        (("2024-01-01 22:00", "2024-01-01 23:00"), ["2024-01-02 00:00:00", "2024-01-02 01:00:00"]),
        (("2024-02-27", "2024-02-28"), ["2024-02-29", "2024-03-01"]),
        (("2023-10-01", "2023-11-01", "2023-12-01"), ["2024-01-01", "2024-02-01"]),
        (("2023-11-30", "2023-12-31", "2024-01-31", "2024-02-29"), ["2024-03-31", "2024-04-30"]),
        (("2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09"), ["2024-01-10", "2024-01-11"]),
        (("1", "2", "3"), ["4", "5"]),
        (("0.5", "1.0"), ["1.5", "2"]),
        (("01/30/2024", "01/31/2024"), ["2024-02-01", "2024-02-02"]),
    ],
)  # fmt: skip
def test_times_go_on(texts: tuple[str, ...], after: list[str]) -> None:
    times = read(*texts)
    assert [*step_faults(times, pd.Series(texts))] == []
    assert times_after(times, 2) == after


def test_a_single_time_is_counted_on() -> None:
    assert times_after(read("2024-01-01"), 2) == ["+1", "+2"]


def test_what_is_neither_date_nor_number_is_not_read() -> None:
    assert read_times(pd.Series(["2024-01-01", "yesterday"])) is None
