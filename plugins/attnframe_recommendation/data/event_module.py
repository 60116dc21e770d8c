"""The data module of click prediction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe.plugin.data import DataModule
from attnframe.plugin.splitting import TEST, TRAIN, VAL
from attnframe_recommendation.data.click_floor import area, logistic_regression
from attnframe_recommendation.data.events import Events, EventSplit, Field
from attnframe_recommendation.recipes.events import EventData

PARTS = ("train", "val", "test")


class EventModule(DataModule):
    """Events in three parts.

    Facts: ``fields``, those of `Field.plain`, in order. With `known_facts` values are numbered as the checkpoint does.

    Args:
        recipe: how events are split.
        read: reads the events, with the fields of a model where that is given.
        split: in words.
    """

    train: EventSplit
    val: EventSplit
    test: EventSplit

    def __init__(self, recipe: EventData, read: Callable[[tuple[Field, ...] | None], Events], split: str) -> None:
        self.recipe, self.read, self.how = recipe, read, split

    def setup(self) -> None:
        events = self.read(None if self.known_facts is None else known_fields(self.known_facts))
        faults = _faults(events)
        if self.known_facts is not None:
            faults += field_faults(events.fields, self.known_facts)
        if faults:
            raise DataError(faults)
        self.digest = events.digest
        self.fields = events.fields
        self.train, self.val, self.test = (
            EventSplit(events, np.flatnonzero(events.parts == part)) for part in (TRAIN, VAL, TEST)
        )
        self.facts = {"fields": [field.plain() for field in events.fields]}
        if self.known_facts is not None:
            self.facts = self.known_facts
        self.protocol = {"split": self.how, "events": len(self.test), "happened": float(self.test.labels.mean())}
        if events.chances is not None:
            tested = events.parts == TEST
            best = area(events.labels[tested], events.chances[tested])
            self.protocol |= {"best possible": f"auc {best:.4f}"}

    def floor(self) -> dict[str, Any]:
        return logistic_regression(self.fields, self.train, self.val, self.test)


def known_fields(facts: Facts) -> tuple[Field, ...]:
    """The fields of a checkpoint."""
    return tuple(Field.of_plain(values) for values in facts["fields"])


def field_faults(fields: tuple[Field, ...], facts: Facts) -> list[Fault]:
    """What is wrong with the fields of data for a model that was trained on those of `facts`."""
    known = known_fields(facts)
    if fields == known:
        return []
    names = ", ".join(field.name for field in known)
    must = f"must be those that the model was trained on, with their values: {names}"
    return [Fault("fields", must, ", ".join(field.name for field in fields), "Choose data of the same kind.")]


def _faults(events: Events) -> list[Fault]:
    """Parts without rows or with one answer only."""
    found = []
    for part, name in enumerate(PARTS):
        labels = events.labels[events.parts == part]
        works = "Give more rows, or give each part a share with data.split=[0.8,0.1,0.1]."
        if not len(labels):
            found.append(Fault(f"part {name}", "must have rows", "none", works))
        elif labels.min() == labels.max():
            got = f"only label {labels[0]:g}"
            found.append(Fault(f"part {name}", "must have events that happened and some that did not", got, works))
    return found
