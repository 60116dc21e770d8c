"""A model whose answer rests on one unit of its input, and on nothing else."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from attnframe import Attention
from attnframe.explanation.read_out import read
from attnframe.pictures import bars
from attnframe.plugin.subject import Maps, Subject, Values

UNITS, TOLD = 8, 5
"""How many units there are, and the number of the one that tells the answer."""


class Reader(nn.Module):
    """Every token attends the one whose first feature is 1, and reads its second feature."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([Attention(4, 1, bias=True)])
        projections = self.blocks[0].projections
        query, key, value = torch.zeros(4, 4), torch.zeros(4, 4), torch.eye(4)
        key[0, 0] = 20.0
        with torch.no_grad():
            projections.input_proj.weight.copy_(torch.cat([query, key, value]))
            projections.input_proj.bias.zero_()
            projections.input_proj.bias[0] = 1.0
            projections.output_proj.weight.copy_(torch.eye(4))
            projections.output_proj.bias.zero_()

    def forward(self, x: Tensor) -> Tensor:
        """(n, T, 4) to (n,)."""
        read_out: Tensor = self.blocks[0](x)[..., 1].mean(1)
        return read_out


class OneUnit(Subject):
    """An input whose sixth unit alone says 3. A unit that is deleted becomes 0."""

    unit, many = "unit", "units"
    deletion = "set to 0"
    score = "what is read"
    read_out = "from all units"

    def __init__(self, name: str = "one") -> None:
        super().__init__(name, "The model says 3.", Reader().eval(), [f"unit {number}" for number in range(UNITS)])
        self.x = torch.zeros(1, UNITS, 4)
        self.x[0, TOLD, :2] = torch.tensor([1.0, 3.0])

    def scores(self, kept: Tensor) -> Tensor:
        found: Tensor = self.model(self.x * kept.unsqueeze(2))
        return found

    def relevance(self, maps: Maps) -> Tensor:
        return read(maps.through("blocks."))[0]

    def picture(self, values: Values, title: str, *, small: bool = False) -> str:
        return bars(self.units, np.asarray(values).tolist(), title)


@pytest.fixture
def one_unit() -> OneUnit:
    """The subject."""
    return OneUnit()
