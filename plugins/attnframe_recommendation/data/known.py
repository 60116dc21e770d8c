"""Interactions as a trained model numbers them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe_recommendation.data.interactions import Attributes, Interactions

SHOWN = 5
"""Unknown names that an error shows."""


def as_known(data: Interactions, facts: Facts) -> Interactions:
    """Interactions with the items numbered, named and described as `facts` do.

    Raises:
        DataError: naming items that the model was not trained on, and when it needs times that are not there.
    """
    numbers = {name: number for number, name in enumerate(facts["items"], start=1)}
    faults = []
    unknown = [name for name in data.items if name not in numbers]
    if unknown:
        faults.append(unknown_items(unknown, "items"))
    if facts["times"] and data.times is None:
        faults.append(Fault("timestamps", "must be given: the model was trained on data that has them", "none"))
    if faults:
        raise DataError(faults)
    known = np.array([0, *(numbers[name] for name in data.items)], np.int64)
    described = tuple(tuple(int(token) for token in line.split()) for line in facts["item_attributes"])
    return replace(
        data,
        items=tuple(facts["items"]),
        taken=known[data.taken],
        titles=tuple(facts["titles"]),
        attributes=Attributes(tuple(facts["attributes"]), described),
    )


def unknown_items(unknown: list[str], where: str) -> Fault:
    """The fault of items that a model was not trained on."""
    more = f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""
    works = "Leave them out, or train on data that holds them."
    return Fault(where, "must be ones that the model was trained on", ", ".join(unknown[:SHOWN]) + more, works)
