from __future__ import annotations

import math

import pytest
import torch

from attnframe.positions import Sinusoidal


@pytest.mark.parametrize("dim", [8, 7, 2, 1])
def test_equals_the_formula_entry_by_entry(dim: int) -> None:
    encoding = Sinusoidal(dim, base=1000.0).add(torch.zeros(1, 6, dim), torch.arange(6)[None])
    for position in range(6):
        for feature in range(dim):
            angle = position / 1000.0 ** (2 * (feature // 2) / dim)
            wanted = math.cos(angle) if feature % 2 else math.sin(angle)
            assert encoding[0, position, feature].item() == pytest.approx(wanted, abs=1e-5)


def test_is_added_at_the_positions_given() -> None:
    position, x = Sinusoidal(6), torch.randn(2, 4, 6, generator=torch.Generator().manual_seed(0))
    whole = position.add(torch.zeros(1, 10, 6), torch.arange(10)[None])[0]
    positions = torch.tensor([[0, 1, 2, 3], [6, 2, 9, 0]])
    torch.testing.assert_close(position.add(x, positions), x + whole[positions])


def test_moving_by_a_step_is_the_same_turn_everywhere() -> None:
    """The paper's reason for the form: encoding(p + k) is a linear function of encoding(p)."""
    encoding = Sinusoidal(8).encoding(torch.arange(40)[None])[0]
    gram = encoding @ encoding.T
    torch.testing.assert_close(gram[5:30, 8:33].diagonal(), gram[3, 6].expand(25), rtol=0, atol=1e-4)


def test_takes_real_positions_and_keeps_the_type_of_the_input() -> None:
    position = Sinusoidal(4)
    assert position.add(torch.zeros(1, 2, 4, dtype=torch.bfloat16), torch.tensor([[0.5, 1.5]])).dtype == torch.bfloat16
    assert not list(position.parameters())
    assert not position.state_dict()
