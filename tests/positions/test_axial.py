from __future__ import annotations

import pytest
import torch
from torch import Tensor

from attnframe.errors import ConfigurationError
from attnframe.positions import AxialRotary, Rotary, grid


def draw(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0), dtype=torch.double)


def test_each_coordinate_turns_its_share_as_one_position_would() -> None:
    x, places = draw(2, 3, 12, 16), grid(3, 4)
    turned = AxialRotary(16, base=50.0).rotate(x, places)
    for axis, share in enumerate((slice(0, 8), slice(8, 16))):
        alone = Rotary(8, base=50.0).rotate(x[..., share], places[..., axis])
        torch.testing.assert_close(turned[..., share], alone)


def test_products_depend_on_the_differences_of_rows_and_columns_alone() -> None:
    rotary, query, key = AxialRotary(8), draw(1, 1, 1, 8), draw(1, 1, 1, 8) + 1

    def product(at_query: list[int], at_key: list[int]) -> Tensor:
        turned = rotary.rotate(query, torch.tensor([[at_query]])), rotary.rotate(key, torch.tensor([[at_key]]))
        return (turned[0] * turned[1]).sum()

    torch.testing.assert_close(product([5, 2], [3, 3]), product([12, 4], [10, 5]))
    assert abs(product([5, 2], [3, 3]) - product([5, 2], [3, 4])) > 1e-3
    assert abs(product([5, 2], [3, 3]) - product([5, 2], [4, 3])) > 1e-3


def test_norms_are_kept_and_the_origin_is_not_turned() -> None:
    x, places = draw(2, 3, 7, 8), grid(2, 3, extra_tokens=1)
    turned = AxialRotary(8).rotate(x, places)
    torch.testing.assert_close(turned.norm(dim=-1), x.norm(dim=-1))
    assert torch.equal(turned[:, :, 0], x[:, :, 0])  # a class token


def test_other_numbers_of_coordinates_and_positions_of_each_row() -> None:
    x, places = draw(2, 1, 5, 12), draw(2, 5, 3).requires_grad_()
    rotary = AxialRotary(12, coordinates=3)
    for row in range(2):
        one = rotary.rotate(x[row : row + 1], places[row : row + 1])
        torch.testing.assert_close(rotary.rotate(x, places)[row : row + 1], one)
    assert torch.autograd.gradcheck(rotary.rotate, (x, places))


def test_works_without_values_and_when_compiled() -> None:
    rotary, x, places = AxialRotary(8), draw(2, 3, 6, 8), grid(2, 3)
    meta = rotary.rotate(x.to("meta"), places.to("meta"))
    assert meta.shape == x.shape
    compiled = torch.compile(rotary.rotate, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(x, places), rotary.rotate(x, places))


def test_refuses_a_width_that_cannot_be_shared_and_positions_in_order() -> None:
    with pytest.raises(ConfigurationError, match=r"AxialRotary\.head_dim must be a multiple of 4, .+ Got 6\."):
        AxialRotary(6)
    message = (
        r"positions \(AxialRotary\) must have coordinates, shape \(B or 1, T, 2\)\. Got shape \(1, 6\)\. Use positi"
    )
    with pytest.raises(ConfigurationError, match=message):
        AxialRotary(8).rotate(torch.zeros(1, 1, 6, 8), torch.arange(6)[None])
