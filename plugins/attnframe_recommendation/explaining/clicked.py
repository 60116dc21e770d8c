"""Explanations of clicks: which fields of an event, and which items of the history, speak for the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor

from attnframe.explanation.read_out import read
from attnframe.plugin.subject import Maps, Subject, Values
from attnframe_recommendation.data.events import Field
from attnframe_recommendation.explaining.ranked import ranked_bars

if TYPE_CHECKING:
    from attnframe_recommendation.click_predictor import ClickPredictor


class PredictedClick(Subject):
    """An event and whether it happens; its units are the fields, and the items of the history in place of that field.
    What is deleted becomes a missing value.

    Args:
        name: of the event. predictor: in evaluation mode.
        columns: by field, (1,) or (1, S) numbers of its values.
    """

    unit, many = "field", "fields"
    deletion = "taken for missing"
    read_out = "from all fields alike"
    note = "Each value has a weight of its own besides, which no attention shows."

    def __init__(self, name: str, predictor: ClickPredictor, columns: Mapping[str, Tensor]) -> None:
        self.predictor = predictor
        device = predictor.kinds.device
        self.columns = {key: column.to(device) for key, column in columns.items()}
        self.values = {field.name: field.values for field in predictor.fields}
        self.owners: list[tuple[Field, int]] = []  # field of each unit, and which place of a history
        units = []
        for field in predictor.fields:
            column = self.columns[field.name][0]
            if field.kind == "history":
                places = (column > 0).nonzero().flatten().tolist()
                units += [f"{field.name}: {self._value(field.of, int(column[place]))}" for place in places]
                self.owners += [(field, place) for place in places]
            else:
                units.append(f"{field.name} = {self._told(field, column)}")
                self.owners.append((field, -1))
        with torch.no_grad():
            self.chance = float(predictor(self.columns).sigmoid()[0])
        self.sign = 1 if self.chance >= 0.5 else -1
        self.score = f"log-probability that it {'happens' if self.sign > 0 else 'does not happen'}"
        super().__init__(name, f"The model says that it happens with {self.chance:.1%}.", predictor, units)

    def _value(self, field: str, number: int) -> str:
        values = self.values[field]
        return str(values[number - 1]) if 0 < number <= len(values) else "missing"

    def _told(self, field: Field, column: Tensor) -> str:
        if field.kind == "number":
            return f"bin {int(column)} of {len(field.edges) + 1}" if int(column) else "missing"
        numbers = column.reshape(-1).tolist()
        return ", ".join(self._value(field.name, number) for number in numbers if number) or "missing"

    def scores(self, kept: Tensor) -> Tensor:
        versions = {key: column.repeat(len(kept), *[1] * (column.dim() - 1)) for key, column in self.columns.items()}
        for unit, (field, place) in enumerate(self.owners):
            gone = ~kept[:, unit].to(self.predictor.kinds.device)
            column = versions[field.name]
            if place >= 0:
                column[gone, place] = 0
            else:
                column[gone] = 0
        return F.logsigmoid(self.sign * self.predictor(versions))

    def relevance(self, maps: Maps) -> Tensor:
        fields = read(maps.through("encoder."))[0]
        numbers = {field.name: number for number, field in enumerate(self.predictor.fields)}
        # The first key of a history is the one that stands for nothing.
        looks = maps.across("history")[0, 0, 1:] if any(place >= 0 for _, place in self.owners) else fields
        return torch.stack(
            [fields[numbers[field.name]] * (looks[place] if place >= 0 else 1.0) for field, place in self.owners]
        )

    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        return ranked_bars(self.units, values, title, small=small)

    def plain(self) -> Mapping[str, Any]:
        return {"probability": self.chance}
