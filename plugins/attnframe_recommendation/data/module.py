"""The data module of sequential recommendation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe.plugin.data import DataModule
from attnframe_recommendation.data.candidates import drawn_negatives
from attnframe_recommendation.data.floor import floors
from attnframe_recommendation.data.histories import Evaluated, Trained
from attnframe_recommendation.data.interactions import HELD_OUT, Attributes, Interactions, to_lines
from attnframe_recommendation.data.known import as_known
from attnframe_recommendation.data.negatives_file import read_negatives
from attnframe_recommendation.recipes.interactions import InteractionData

Negatives = npt.NDArray[np.int64]
Best = Callable[[Interactions, Evaluated], Mapping[str, float]]


class InteractionModule(DataModule):
    """Histories of users, the last item of each to test on, the one before it to validate on (leave one out).

    Facts: ``items`` and ``titles`` (by number from 1), ``attributes`` (names) and ``item_attributes`` (numbers, one
    text an item), ``users``, ``histories`` and ``times`` (one text a user), ``max_length``. With `known_facts` the
    items are numbered as the checkpoint does.

    Args:
        recipe: how users are evaluated.
        read: reads the interactions.
        seed: of the drawn negatives.
        best: test figures of the process that made the data, where it is known.
    """

    train: Trained
    val: Evaluated
    test: Evaluated

    def __init__(
        self, recipe: InteractionData, read: Callable[[], Interactions], seed: int, best: Best | None = None
    ) -> None:
        self.recipe, self.read, self.seed, self.best = recipe, read, seed, best

    def setup(self) -> None:
        data = self.read()
        if self.known_facts is not None:
            data = as_known(data, self.known_facts)
        evaluated = np.flatnonzero(data.counts > HELD_OUT)
        if faults := _faults(data, len(evaluated), trains=self.known_facts is None):
            raise DataError(faults)
        self.data, self.digest = data, data.digest
        length = self.recipe.max_length if self.known_facts is None else self.known_facts["max_length"]
        self.facts = facts_of(data, length) if self.known_facts is None else self.known_facts
        self.train = Trained(data, length)
        validated = evaluated
        if self.recipe.val_users is not None and len(evaluated) > self.recipe.val_users:
            validated = np.sort(np.random.default_rng(0).permutation(evaluated)[: self.recipe.val_users])
        self.val = Evaluated(data, validated, length, 1, self._negatives(data, validated, 1))
        self.test = Evaluated(data, evaluated, length, 0, self._negatives(data, evaluated, 0))
        self.protocol = self._protocol(data, len(evaluated))

    def floor(self) -> dict[str, Any]:
        """Last-item transitions and popularity; see `floors`."""
        return floors(self.data, self.test)

    def _negatives(self, data: Interactions, users: npt.NDArray[np.int64], before_last: int) -> Negatives | None:
        protocol = self.recipe.protocol
        if protocol == "full":
            return None
        if protocol == "99neg-file":
            return read_negatives(self.recipe.negatives or "", data, users)
        weights = popularity(data) if protocol == "pop-100neg" else None
        return drawn_negatives(data, users, weights, np.random.default_rng([self.seed, before_last]))

    def _protocol(self, data: Interactions, users: int) -> dict[str, Any]:
        drawn = f"the true item and 100 never taken, drawn {{}}, seed {self.seed}"
        candidates = {
            "full": f"all {len(data.items)} items",
            "sasrec-100neg": drawn.format("uniformly"),
            "pop-100neg": drawn.format("by popularity"),
            "99neg-file": f"the true item and those of {self.recipe.negatives}",
        }[self.recipe.protocol]
        told: dict[str, Any] = {
            "protocol": self.recipe.protocol,
            "candidates": candidates,
            "seen items": "masked" if self.recipe.protocol == "full" else "not among the candidates",
            "ties": "mean rank",
            "users": users,
            "users with fewer than 3 events": len(data.counts) - users,
            "split": "leave one out by time, ties in file order",
        }
        if self.best is not None:
            told["best possible"] = ", ".join(f"{k} {v:.4f}" for k, v in self.best(data, self.test).items())
        return told


def popularity(data: Interactions) -> npt.NDArray[np.float64]:
    """(V,) how often each item was taken in the training parts."""
    place = np.arange(len(data.taken)) - np.repeat(data.starts, data.counts)
    used = data.taken[place < np.repeat(data.trained, data.counts)]
    return np.bincount(used, minlength=len(data.items) + 1)[1:].astype(np.float64)


def facts_of(data: Interactions, max_length: int) -> Facts:
    """What a module must know of interactions."""
    attributes: Attributes = data.attributes
    return {
        "items": list(data.items),
        "titles": list(data.titles),
        "attributes": list(attributes.names),
        "item_attributes": [" ".join(map(str, tokens)) for tokens in attributes.of_item],
        "users": list(data.users),
        "histories": to_lines(data.taken, data.counts),
        "times": [] if data.times is None else to_lines(data.times, data.counts),
        "max_length": max_length,
    }


def _faults(data: Interactions, evaluated: int, *, trains: bool) -> list[Fault]:
    works = "Give users with three events or more: the last two of each validate and test."
    if evaluated == 0:
        return [Fault("parts val and test", "must have users", f"none of {len(data.users)} users has 3 events", works)]
    if trains and not (data.trained > 1).any():
        return [Fault("part train", "must hold transitions", "no user has two events to train on", works)]
    return []
