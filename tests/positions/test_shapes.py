from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.positions.shapes import require_coordinates, require_order


def test_order_is_one_number_each() -> None:
    require_order(torch.zeros(1, 3), "X")
    require_order(torch.arange(3)[None], "X", integer=True)
    with pytest.raises(ConfigurationError, match=r"positions \(X\) must be one number each, .+ Got shape \(1, 3, 2\)"):
        require_order(torch.zeros(1, 3, 2), "X")
    with pytest.raises(ConfigurationError, match=r"positions \(X\) must be integers\. Got torch\.float32\."):
        require_order(torch.zeros(1, 3), "X", integer=True)


def test_coordinates_are_as_many_as_asked_for() -> None:
    require_coordinates(torch.zeros(1, 3, 2), 2, "X", "")
    require_coordinates(torch.zeros(1, 3, 5), None, "X", "")
    for positions, count in ((torch.zeros(1, 3), None), (torch.zeros(1, 3, 5), 2)):
        with pytest.raises(ConfigurationError, match=r"positions \(X\) must have coordinates, .+ Use this\."):
            require_coordinates(positions, count, "X", "Use this.")
