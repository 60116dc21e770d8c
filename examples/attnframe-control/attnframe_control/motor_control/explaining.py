"""Explanations of numbers that are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from attnframe.explanation.read_out import read
from attnframe.pictures import Line, bars, lines
from attnframe.plugin.subject import Drawing, Maps, Subject, Values

if TYPE_CHECKING:
    from attnframe_control.motor_control.module import Motor

MOST: Final = 4
"""Features whose effect is drawn, the most relevant ones."""
REACH, STEPS = 2.0, 33
"""How far a feature is moved, in its deviations from its mean, and in how many steps."""


class ToldNumber(Subject):
    """A row and what is told of it; its units are the numbers of the row.

    Args:
        name: of the row. motor: in evaluation mode. row: (F,) in the units of the data.
    """

    unit, many = "feature", "features"
    deletion = "replaced by its mean over the training rows"
    score = "minus squared change of what is told"
    read_out = "averaged over all features"

    def __init__(self, name: str, motor: Motor, row: npt.NDArray[np.float64]) -> None:
        self.motor, self.row = motor, row
        self.given = motor.standardised([row])  # (1, F)
        with torch.no_grad():
            self.told = motor({"inputs": self.given})
            self.nothing = motor({"inputs": torch.zeros_like(self.given)})
        self.value = float(motor.in_units(self.told))
        target = motor.facts["target"]
        super().__init__(name, f"The model says {target} = {self.value:.4g}.", motor, motor.facts["features"])

    def scores(self, kept: Tensor) -> Tensor:
        told: Tensor = self.motor({"inputs": self.given * kept.to(self.given.device)})
        return -(told - self.told).square()

    def strength(self) -> Tensor:
        """What is told, in the direction in which it differs from that of a row of means."""
        along: Tensor = self.motor({"inputs": self.given}) * (self.told - self.nothing)
        return along.sum()

    def relevance(self, maps: Maps) -> Tensor:
        return read(maps.through("encoder."))[0]

    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        return bars(self.units, values.tolist(), title)

    def drawings(self, maps: Maps) -> Sequence[Drawing]:
        """What would be told if one feature alone were another."""
        facts = self.motor.facts
        moves = torch.linspace(-REACH, REACH, STEPS)
        series = []
        for place in self.relevance(maps).argsort(descending=True).tolist()[:MOST]:
            moved = self.given.repeat(STEPS, 1)
            moved[:, place] = moves.to(moved.device)
            with torch.no_grad():
                told = self.motor.in_units(self.motor({"inputs": moved})).tolist()
            series.append(Line(self.units[place], moves.tolist(), told))
        title = f"{facts['target']} if one feature alone were another"
        drawn = lines(series, title, "deviations of the feature from its mean", facts["target"])
        return [Drawing("effect-of-each-feature", title, drawn)]

    def plain(self) -> Mapping[str, Any]:
        return {self.motor.facts["target"]: self.value, "row": dict(zip(self.units, self.row.tolist(), strict=True))}
