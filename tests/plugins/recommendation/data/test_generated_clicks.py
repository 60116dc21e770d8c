"""Events of known probabilities."""

from __future__ import annotations

import numpy as np
from attnframe_recommendation.data.generated_clicks import generated_clicks


def test_labels_are_drawn_from_the_probabilities() -> None:
    events = generated_clicks(20_000, (0.8, 0.1, 0.1))
    assert events.chances is not None
    found = np.unique(events.chances.round(6))
    assert len(found) == 6
    for chance in found:
        assert abs(events.labels[abs(events.chances - chance) < 1e-5].mean() - chance) < 0.03
    assert events.digest == generated_clicks(20_000, (0.8, 0.1, 0.1)).digest
    assert np.bincount(events.parts).tolist() == [16_000, 2_000, 2_000]


def test_no_field_says_much_by_itself() -> None:
    events = generated_clicks(20_000, (0.8, 0.1, 0.1))
    for name in ("item", "hour", "device"):
        column = events.columns[name]
        shares = [events.labels[column == value].mean() for value in np.unique(column)]
        assert max(shares) - min(shares) < 0.12
