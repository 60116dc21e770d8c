"""Ratings as events."""

from __future__ import annotations

import numpy as np
import pandas as pd
from attnframe_recommendation.data.events import Field
from attnframe_recommendation.data.movielens import Ratings
from attnframe_recommendation.data.movielens_clicks import as_events, random_parts

ROWS = [("a", "x", 5, 3), ("a", "y", 4, 1), ("a", "z", 2, 2), ("a", "w", 4, 2), ("a", "v", 1, 9), ("b", "x", 4, 5)]


def ratings() -> Ratings:
    events = pd.DataFrame(ROWS, columns=["user", "item", "rating", "timestamp"]).astype(str)
    items = pd.DataFrame({"item": list("xyzwv"), "title": list("XYZWV"), "genres": ["f|g", "f", "", "g", "f"]})
    users = pd.DataFrame({"user": ["a", "b"], "age": ["24", "60"], "gender": ["F", "M"], "occupation": ["o", "p"]})
    return Ratings(events, items, users)


def test_a_rating_of_four_or_more_is_a_click_and_fields_say_who_and_what() -> None:
    events = as_events(ratings(), (1.0, 0.0, 0.0), 3)
    assert events.labels.tolist() == [1, 1, 0, 1, 0, 1]
    assert [field.name for field in events.fields] == [
        "user",
        "item",
        "gender",
        "occupation",
        "age",
        "genres",
        "history",
    ]
    assert events.columns["age"].tolist() == [2, 2, 2, 2, 2, 7]
    assert events.columns["genres"].tolist() == [[1, 2], [1, 0], [0, 0], [2, 0], [1, 0], [1, 2]]
    assert isinstance(events.fields[0], Field)


def test_a_history_holds_what_was_liked_strictly_before() -> None:
    events = as_events(ratings(), (1.0, 0.0, 0.0), 2)
    # y at 1, w at 2 and x at 3 are liked; z and w at 2 know y only.
    assert events.columns["history"].tolist() == [[2, 4], [0, 0], [2, 0], [2, 0], [4, 1], [0, 0]]


def test_histories_hold_nothing_of_validation_and_test() -> None:
    many = [("a", f"i{n}", 5, n) for n in range(200)]
    events = pd.DataFrame(many, columns=["user", "item", "rating", "timestamp"]).astype(str)
    items = pd.DataFrame({"item": [f"i{n}" for n in range(200)], "title": "", "genres": ""})
    found = as_events(Ratings(events, items, ratings().users), (0.5, 0.25, 0.25), 200)
    outside = set(found.columns["item"][found.parts > 0].tolist())
    assert not outside & set(np.unique(found.columns["history"]).tolist())


def test_parts_are_random_and_always_the_same() -> None:
    parts = random_parts(1000, (0.8, 0.1, 0.1))
    assert np.bincount(parts).tolist() == [800, 100, 100]
    assert (parts == random_parts(1000, (0.8, 0.1, 0.1))).all()
