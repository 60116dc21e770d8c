"""Where the parts of a table end, and how many windows each has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from attnframe.errors import Fault
from attnframe_timeseries.recipes.forecast_data import ForecastData

PARTS = ("train", "val", "test")


@dataclass(frozen=True)
class Stretch:
    """The windows of one part.

    Args:
        first: row at which the first window begins. count: windows.
    """

    first: int
    count: int


def borders_of(recipe: ForecastData, rows: int) -> tuple[int, int, int]:
    """Rows at which train, val and test end: those that the recipe gives, else by its fractions, in time."""
    if recipe.borders is not None:
        return recipe.borders
    train, test = int(rows * recipe.split[0]), int(rows * recipe.split[2])
    return train, rows - test, rows


def stretches(borders: tuple[int, int, int], lookback: int, horizon: int) -> tuple[Stretch, Stretch, Stretch]:
    """The windows of each part: those of train lie in it; those of val and test forecast rows of their part, and may
    look back over the border before it."""
    train, val, test = borders
    return (
        Stretch(0, train - lookback - horizon + 1),
        Stretch(train - lookback, val - train - horizon + 1),
        Stretch(val - lookback, test - val - horizon + 1),
    )


def border_faults(
    recipe: ForecastData, borders: tuple[int, int, int], rows: int, lookback: int, horizon: int
) -> Iterator[Fault]:
    """What is wrong with borders in a table of so many rows: an end beyond it, and each part without a window."""
    key = "data.split" if recipe.borders is None else "data.borders"
    got = str(list(recipe.split if recipe.borders is None else borders))
    if borders[2] > rows:
        yield Fault(key, f"must end within the table, which has {rows} rows", got)
        return
    starts = (0, *borders[:2])
    least = (lookback + horizon, horizon, horizon)
    for name, start, end, needed in zip(PARTS, starts, borders, least, strict=True):
        if end - start < needed:
            what = "lookback and horizon" if name == "train" else "horizon"
            must = f"must leave {name} at least {needed} rows, its {what}, for one window"
            works = "Give it more rows, or lower data.lookback and data.horizon."
            yield Fault(key, must, f"{max(end - start, 0)} rows with {got}", works)
