"""The data module of labelled series."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnframe.errors import DataError, Fault
from attnframe.plugin.contract import Facts
from attnframe.plugin.data import DataModule
from attnframe.plugin.splitting import TRAIN, complete_parts
from attnframe_timeseries.data.augmentation import Augmentation
from attnframe_timeseries.data.cases import PARTS, Cases, padded
from attnframe_timeseries.data.series_floor import best_simple_classifier
from attnframe_timeseries.recipes.series_data import SeriesData


class SeriesSplit:
    """The series of one part; a batch is ``{"series": (n, T, C), "valid": (n, T) bool, "labels": (n,)}``.

    Args:
        series: (N, T, C) of the whole set, standardised, 0 where padded. valid: (N, T) True = real step.
        labels: (N,) class indices.
        members: (n,) this part's series.
    """

    def __init__(self, series: Tensor, valid: Tensor, labels: Tensor, members: Tensor) -> None:
        self.series, self.valid, self.labels, self.members = series, valid, labels, members

    def __len__(self) -> int:
        return len(self.members)

    def batch(self, indices: Tensor) -> dict[str, Tensor]:
        """The batch of the series at `indices` (n,) of this part."""
        rows = self.members[indices]
        return {"series": self.series[rows], "valid": self.valid[rows], "labels": self.labels[rows]}


class SeriesModule(DataModule):
    """Labelled series, padded to one length and standardised channel by channel with the steps of the training part.

    Facts: ``classes``, ``mean`` and ``std`` of each channel, ``length`` (of the longest series).

    Args:
        recipe: how series are split and augmented.
        read: reads them.
    """

    train: SeriesSplit
    val: SeriesSplit
    test: SeriesSplit

    def __init__(self, recipe: SeriesData, read: Callable[[], Cases]) -> None:
        self.recipe, self.read = recipe, read

    def setup(self) -> None:
        cases = self.read()
        if self.known_facts is not None:
            cases = as_known(cases, self.known_facts)
        parts = complete_parts(cases.parts, cases.labels, self.recipe.split)
        if faults := self._faults(cases, parts):
            raise DataError(faults)
        cases = replace(cases, parts=parts)
        self.digest = cases.digest
        self.facts = facts_of(cases) if self.known_facts is None else self.known_facts
        whole, valid = padded(standardised(cases.series, self.facts), self.facts["length"])
        series, labels = torch.from_numpy(whole), torch.from_numpy(cases.labels)
        self.train, self.val, self.test = (
            SeriesSplit(series, torch.from_numpy(valid), labels, torch.from_numpy(np.flatnonzero(parts == part)))
            for part in range(len(PARTS))
        )
        self.protocol = {
            "series": {name: int((parts == part).sum()) for part, name in enumerate(PARTS)},
            "steps": [int(cases.lengths.min()), int(cases.lengths.max())],
            "channels": cases.channels,
        }
        self._augmentation = Augmentation(self.recipe)

    def augment(self, batch: Any) -> Any:
        return self._augmentation(batch)

    def floor(self) -> dict[str, Any]:
        return best_simple_classifier(self.train, self.val, self.test)

    def _faults(self, cases: Cases, parts: np.ndarray[Any, np.dtype[np.uint8]]) -> list[Fault]:
        found = []
        for part, name in enumerate(PARTS):
            if not (parts == part).any():
                works = "Give each part a share with data.split=[0.8,0.1,0.1]."
                found.append(Fault(f"part {name}", "must hold series", "none", works))
        if self.known_facts is None:
            if len(cases.classes) < 2:
                got = ", ".join(cases.classes) or "none"
                found.append(Fault("classes", "must be at least two", got))
            trained = np.bincount(cases.labels[parts == TRAIN], minlength=len(cases.classes))
            for name, count in zip(cases.classes, trained, strict=True):
                if not count:
                    works = "Add some to the training file, or drop the class."
                    found.append(Fault(f"class {name}", "must have series to train on", "none", works))
        return found


def facts_of(cases: Cases) -> Facts:
    """What a model must know of series that it is trained on."""
    steps = np.concatenate([one for one, part in zip(cases.series, cases.parts, strict=True) if part == TRAIN])
    mean, deviation = steps.mean(0, dtype=np.float64), steps.std(0, dtype=np.float64)
    return {
        "classes": list(cases.classes),
        "mean": [float(value) for value in mean],
        "std": [float(value) for value in np.where(deviation > 0, deviation, 1.0)],
        "length": int(cases.lengths.max()),
    }


def standardised(
    series: tuple[np.ndarray[Any, np.dtype[np.float32]], ...], facts: Facts
) -> tuple[np.ndarray[Any, np.dtype[np.float32]], ...]:
    """Series (T, C) each, with mean 0 and deviation 1 of each channel over the training part."""
    mean, std = np.array(facts["mean"]), np.array(facts["std"])
    return tuple(((one - mean) / std).astype(np.float32) for one in series)


def as_known(cases: Cases, facts: Facts) -> Cases:
    """Series with the classes, in the order, that `facts` name.

    Raises:
        DataError: with every class that the model was not trained on, and when the series have another form.
    """
    known = {name: number for number, name in enumerate(facts["classes"])}
    works = f"Known: {', '.join(known)}."
    must = "must be one that the model was trained on"
    faults = [Fault(f"class {name}", must, "", works) for name in cases.classes if name not in known]
    faults += form_faults(cases.series, facts, "data")
    if faults:
        raise DataError(faults)
    numbers = np.array([known[name] for name in cases.classes], np.int64)
    return replace(cases, labels=numbers[cases.labels], classes=tuple(known))


def form_faults(series: tuple[np.ndarray[Any, np.dtype[np.float32]], ...], facts: Facts, where: str) -> list[Fault]:
    """What is wrong with the form of series (T, C) for a model that was trained with `facts`."""
    found = []
    channels, length = len(facts["mean"]), facts["length"]
    if any(one.shape[1] != channels for one in series):
        got = f"{next(one.shape[1] for one in series if one.shape[1] != channels)}"
        found.append(Fault(where, f"must have {channels} channels, as the training data have", got))
    if any(len(one) > length for one in series):
        got = f"{max(len(one) for one in series)} steps"
        works = "Shorten them, or train with series as long."
        found.append(Fault(where, f"must have at most {length} steps, as the training data have", got, works))
    return found
