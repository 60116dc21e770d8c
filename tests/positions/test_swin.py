from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.positions import SwinBias, grid


def test_each_offset_has_an_entry_of_its_own() -> None:
    bias = SwinBias(1, 3, 4)
    bias.table.data = torch.arange(35.0)[:, None]
    places, found = grid(3, 4), {}
    for query, row in zip(places[0].tolist(), bias.bias(places, places)[0, 0].tolist(), strict=True):
        for key, entry in zip(places[0].tolist(), row, strict=True):
            found.setdefault((query[0] - key[0], query[1] - key[1]), set()).add(entry)
    assert len(found) == 35
    assert all(len(entries) == 1 for entries in found.values())
    assert len(set.union(*found.values())) == 35


def test_a_class_token_is_told_from_the_grid() -> None:
    """It stands at 0, 0; rows and columns count from 1, so the table is one larger each way."""
    bias, places = SwinBias(2, 3, 4), grid(2, 3, extra_tokens=1)
    torch.nn.init.normal_(bias.table)
    found = bias.bias(places, places)[0, 0]
    assert found.shape == (7, 7)
    assert len({round(entry, 5) for entry in found[0].tolist()}) == 7


def test_positions_of_each_batch_row_and_of_some_queries() -> None:
    bias = SwinBias(2, 4, 4)
    places = torch.stack((grid(2, 2)[0], grid(2, 2)[0].flip(0) + 2))
    found = bias.bias(places, places)
    assert found.shape == (2, 2, 4, 4)
    torch.testing.assert_close(found[1:, :, 1:3], bias.bias(places[1:, 1:3], places[1:]))


def test_positions_are_refused_that_the_table_does_not_hold() -> None:
    works = "Use SwinBias with more columns, or a position without a table: AxialRotary."
    message = rf"positions \(SwinBias\) must be less than 3 columns apart, .+ Got 3 columns\. {works}"
    with pytest.raises(ConfigurationError, match=message):
        SwinBias(1, 3, 3).bias(grid(3, 4), grid(3, 4))
    with pytest.raises(ConfigurationError, match=r"positions \(SwinBias\) must be integers"):
        SwinBias(1, 3, 3).bias(grid(3, 3).float(), grid(3, 3))
    places = grid(3, 3)
    SwinBias(1, 3, 3).bias(places + 100, places + 100)  # offsets alone count


def test_works_without_values_and_when_compiled() -> None:
    places = grid(2, 3)
    meta = SwinBias(2, 2, 3).to("meta").bias(places.to("meta"), places.to("meta"))
    assert meta.shape == (1, 2, 6, 6)
    bias = SwinBias(2, 2, 3)
    compiled = torch.compile(bias.bias, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(places, places), bias.bias(places, places))
