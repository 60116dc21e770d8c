"""Bars of the units that count most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attnframe.pictures import bars
from attnframe.plugin.subject import Values

MOST: Final = 24
"""Bars of a picture."""
MOST_SMALL: Final = 8
"""Bars of one of many."""


def ranked_bars(names: Sequence[str], values: Values, title: str, *, small: bool = False) -> str:
    """One bar a unit, in their order; of many units those with the largest values.

    Args:
        names: of the units. values: (U,). title: said above. small: whether few are drawn.
    """
    most = MOST_SMALL if small else MOST
    kept = sorted(values.argsort(kind="stable")[::-1][:most].tolist())
    return bars([names[place] for place in kept], [float(values[place]) for place in kept], title)
