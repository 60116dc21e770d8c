"""Times of the rows of a table: dates or numbers in steps of one length."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import pandas as pd
from pandas.tseries.frequencies import to_offset

from attnframe.errors import Fault

SHOWN = 5
"""Bad rows that an error names."""


def read_times(texts: pd.Series[str]) -> pd.Index | None:
    """Numbers, or else dates, or None when neither can be read in every row."""
    numbers = pd.to_numeric(texts, errors="coerce")
    if bool(np.isfinite(numbers).all()):
        return cast("pd.Index", pd.Index(numbers))
    for form in ("ISO8601", None):
        try:
            dates = pd.to_datetime(texts, errors="coerce", format=form)
        except (ValueError, TypeError):
            continue
        if isinstance(dates.dtype, np.dtype) and not bool(dates.isna().any()):
            return cast("pd.Index", pd.DatetimeIndex(dates))
    return None


def step_faults(times: pd.Index, texts: pd.Series[str]) -> Iterator[Fault]:
    """A fault of all times that occur twice, one of those that go back, and else one of those that follow at another
    distance than most; what is at fault has no name yet."""
    again = np.flatnonzero(times.duplicated())
    steps = np.diff(times.to_numpy())
    back = np.flatnonzero(steps < steps.dtype.type(0)) + 1
    if len(again):
        yield Fault("", "must have each time once", _shown(again, texts))
    if len(back):
        yield Fault("", "must be sorted by time", _shown(back, texts), "Sort the rows by their first column.")
    if not len(again) and not len(back) and len(times) > 2 and step_of(times) is None:
        usual = pd.Series(steps).mode().iloc[0]
        other = np.flatnonzero(steps != usual) + 1
        length = pd.Timedelta(usual) if isinstance(times, pd.DatetimeIndex) else f"{usual:g}"
        works = "Fill the gaps, or resample to one step."
        yield Fault("", f"must have steps of one length, as most are {length}", _shown(other, texts), works)


def step_of(times: pd.Index) -> Any:
    """What leads from one time to the next: a number, a length of time or a calendar's step (months, working days);
    None when there is none."""
    steps = np.diff(times.to_numpy())
    if isinstance(times, pd.DatetimeIndex):
        if (steps == steps[0]).all():
            return pd.Timedelta(steps[0])
        with warnings.catch_warnings():
            # A text or an offset, as pandas changes its mind; either is taken below.
            warnings.simplefilter("ignore", DeprecationWarning)
            found = pd.infer_freq(times)
        return None if found is None else to_offset(found)
    return steps[0] if np.allclose(steps, steps[0], rtol=1e-6, atol=0) else None


def times_after(times: pd.Index, count: int) -> list[str]:
    """The next `count` times as texts: dates in the ISO form, without the hour where all are midnight; numbers."""
    step = step_of(times) if len(times) > 1 else None
    if step is None:
        return [f"+{number}" for number in range(1, count + 1)]
    if not isinstance(times, pd.DatetimeIndex):
        return [f"{times[-1] + step * number:.10g}" for number in range(1, count + 1)]
    later = pd.date_range(times[-1], periods=count + 1, freq=step)[1:]
    return as_texts(later)


def as_texts(times: pd.Index) -> list[str]:
    """Times as they are written: dates in the ISO form, without the hour where all are midnight."""
    if not isinstance(times, pd.DatetimeIndex):
        return [f"{time:.10g}" for time in times]
    whole = bool((times == times.normalize()).all())
    return [str(text) for text in times.strftime("%Y-%m-%d" if whole else "%Y-%m-%d %H:%M:%S")]


def _shown(rows: np.ndarray[Any, Any], texts: pd.Series[str]) -> str:
    named = ", ".join(f"row {row + 2} ({texts.iloc[row]})" for row in rows[:SHOWN])
    return named + (f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else "")
