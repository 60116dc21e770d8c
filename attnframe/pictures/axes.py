"""A plane with axes: where numbers lie on it, its grid and its labels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from attnframe.pictures.colours import FAINT, GRID
from attnframe.pictures.figure import SIZE, WIDTH, text
from attnframe.pictures.markup import element, short_number

LEFT, RIGHT, TOP, PLOT = 60.0, 12.0, 8.0, 190.0
"""Room for numbers on the left, on the right and above; height of the plane."""
_LEAST_SPAN = 20
"""Ratio of largest and smallest number from which on powers of ten say more than numbers."""
BOTTOM = TOP + PLOT + 36
"""Where what stands below a plane begins."""


@dataclass(frozen=True)
class Axes:
    """Axes of a drawing.

    Args:
        x: smallest and largest number across. y: and upwards, both above 0 when `log`.
        log: whether y counts in powers of ten.
        sizes: numbers above 0 that are written across, which then counts in powers too; round numbers when empty.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    log: bool = False
    sizes: tuple[float, ...] = ()

    @staticmethod
    def around(xs: Iterable[float], ys: Iterable[float], log: bool = False) -> Axes:
        """Axes that hold some finite numbers, with a little room above and below; in powers of ten on request, where
        all are above 0 and they are far enough apart."""
        across, up = _limits(xs), _limits(ys)
        if log and up[0] > 0 and up[1] / up[0] > _LEAST_SPAN:
            return Axes(across, (up[0] / 1.1, up[1] * 1.1), True)
        room = 0.04 * (up[1] - up[0])
        return Axes(across, (up[0] - room, up[1] + room))

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a number pair lies, in units of the drawing."""
        across, up = _share(x, self.x, bool(self.sizes)), _share(y, self.y, self.log)
        return LEFT + across * (WIDTH - LEFT - RIGHT), TOP + PLOT * (1 - up)

    def draw(self, x_label: str, y_label: str) -> str:
        """Grid, numbers and names of the axes."""
        parts = []
        for value, told in _told(_powers(self.y) if self.log else ticks(*self.y, 5)):
            y = self.place(self.x[0], value)[1]
            parts.append(element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, stroke=GRID))
            parts.append(text(LEFT - 5, y, told, "end", fill=FAINT))
        sizes = [(size, f"{size:,.10g}") for size in self.sizes]
        for value, told in sizes or _told(ticks(*self.x, 5)):
            x = self.place(value, self.y[0])[0]
            parts.append(element("line", x1=x, x2=x, y1=TOP + PLOT, y2=TOP + PLOT + 4, stroke=FAINT))
            parts.append(text(x, TOP + PLOT + 12, told, "middle", fill=FAINT))
        parts.append(
            element("path", d=f"M{LEFT:g} {TOP:g}V{TOP + PLOT:g}H{WIDTH - RIGHT:g}", fill="none", stroke=FAINT)
        )
        middle = TOP + PLOT / 2
        parts.append(text((LEFT + WIDTH - RIGHT) / 2, TOP + PLOT + 27, x_label, "middle"))
        if y_label:
            turned = f"rotate(-90 {SIZE * 0.7:.1f} {middle:.1f})"
            parts.append(text(SIZE * 0.7, middle, y_label, "middle", transform=turned))
        return "".join(parts)


def _share(value: float, limits: tuple[float, float], log: bool) -> float:
    """How far a number lies on the way from the first of two limits to the second."""
    low, high, place = (math.log(number) for number in (*limits, value)) if log else (*limits, value)
    return (place - low) / (high - low)


def _told(values: list[float]) -> list[tuple[float, str]]:
    """Numbers with their texts: short ones, unless they would be the same for different numbers."""
    short = [short_number(value) for value in values]
    if len(set(short)) < len(short):
        short = [f"{value:.6g}" for value in values]
    return [*zip(values, short, strict=True)]


def ticks(low: float, high: float, count: int) -> list[float]:
    """Round numbers (1, 2 or 5 times a power of ten apart) from `low` to `high`, about `count` of them."""
    rough = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.75)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _powers(limits: tuple[float, float]) -> list[float]:
    """Powers of ten within limits, at least one, since they lie far apart; not more than six."""
    low, high = (math.log10(limit) for limit in limits)
    whole = range(math.ceil(low), math.floor(high) + 1)
    step = -(-len(whole) // 6)
    return [10.0**power for power in whole[::step]]


def _limits(numbers: Iterable[float]) -> tuple[float, float]:
    """Smallest and largest finite number; an interval around the only one; 0 to 1 when there is none."""
    finite = [float(number) for number in numbers if math.isfinite(number)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
    room = 0.5 * abs(low) or 0.5
    return (low, high) if high - low > 1e-12 * max(abs(low), abs(high)) else (low - room, high + room)
