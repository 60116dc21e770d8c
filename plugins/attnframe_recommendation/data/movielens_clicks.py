"""MovieLens as events: was a film rated 4 or more?"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_recommendation.data.attributes import SEPARATOR
from attnframe_recommendation.data.events import Events, Field, padded
from attnframe_recommendation.data.interactions import numbered
from attnframe_recommendation.data.movielens import Ratings, seconds

LIKED: Final = 4
"""Least rating that counts as a click."""
SEED: Final = 2020
"""Of the random split, as RecBole has it."""
AGES: Final = (18, 25, 35, 45, 50, 56)
"""Where the groups of age of MovieLens 1M begin."""


def as_events(ratings: Ratings, fractions: tuple[float, float, float], max_history: int) -> Events:
    """Events with the fields user, item, age, gender, occupation, genres and history.

    Args:
        ratings: as they were read.
        fractions: train, val and test of a random split, not stratified.
        max_history: most items of a history: what the user rated 4 or more before, in the training part.
    """
    events = ratings.events
    labels = (events["rating"].astype(float) >= LIKED).to_numpy(np.float32)
    parts = random_parts(len(events), fractions)
    people = ratings.users.set_index("user").reindex(events["user"]).fillna("")
    films = ratings.items.set_index("item").reindex(events["item"]).fillna("")
    single = {"user": events["user"], "item": events["item"], "gender": people["gender"]}
    single["occupation"] = people["occupation"]
    fields, columns = [], {}
    for name, column in single.items():
        numbers = numbered(column)
        fields.append(Field(name, "one", tuple(numbers)))
        columns[name] = np.array([numbers[value] for value in column], np.int64)
    ages = pd.to_numeric(people["age"], errors="coerce").to_numpy(np.float64)
    fields.append(Field("age", "number", edges=tuple(map(float, AGES))))
    columns["age"] = np.where(np.isnan(ages), 0, np.searchsorted(AGES, ages, side="right") + 1)
    genres = [[value for value in cell.split(SEPARATOR) if value] for cell in films["genres"]]
    kinds = numbered(genre for found in genres for genre in found)
    fields += [Field("genres", "many", tuple(kinds)), Field("history", "history", of="item")]
    columns["genres"] = padded([[kinds[genre] for genre in found] for found in genres])
    columns["history"] = _histories(columns["user"], columns["item"], labels, parts, seconds(ratings), max_history)
    return Events(tuple(fields), columns, labels, parts)


def random_parts(number: int, fractions: tuple[float, float, float]) -> npt.NDArray[np.uint8]:
    """Parts (N,) drawn with seed 2020."""
    order = np.random.default_rng(SEED).permutation(number)
    parts = np.full(number, TRAIN, np.uint8)
    tested, validated = round(fractions[2] * number), round(fractions[1] * number)
    parts[order[:tested]] = TEST
    parts[order[tested : tested + validated]] = VAL
    return parts


def _histories(
    users: npt.NDArray[np.int64],
    items: npt.NDArray[np.int64],
    labels: npt.NDArray[np.float32],
    parts: npt.NDArray[np.uint8],
    times: npt.NDArray[np.int64],
    longest: int,
) -> npt.NDArray[np.int64]:
    """What each event's user liked strictly before it, in the training part, latest last."""
    found: list[list[int]] = [[]] * len(users)
    liked: dict[int, list[int]] = defaultdict(list)
    waiting: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in np.lexsort((np.arange(len(times)), times)).tolist():
        user, time = int(users[row]), int(times[row])
        liked[user] += [item for when, item in waiting[user] if when < time]
        waiting[user] = [(when, item) for when, item in waiting[user] if when >= time]
        found[row] = liked[user][-longest:]
        if parts[row] == TRAIN and labels[row]:
            waiting[user].append((time, int(items[row])))
    return padded(found, longest)
