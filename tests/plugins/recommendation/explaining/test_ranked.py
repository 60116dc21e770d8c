"""Bars of the units that count most."""

import numpy as np
from attnframe_recommendation.explaining.ranked import MOST, ranked_bars


def test_the_largest_are_drawn_in_the_order_of_time() -> None:
    names = [f"item {number:03}" for number in range(100)]
    values = np.arange(100.0)
    values[0] = 1000
    drawn = ranked_bars(names, values, "Title")
    assert drawn.index("item 000") < drawn.index("item 098") < drawn.index("item 099")
    assert "item 010" not in drawn
    assert drawn.count("<rect") == MOST
