"""What every scaling keeps to."""

from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.positions import (
    LinearScaling,
    Llama3Scaling,
    LongRopeScaling,
    NtkScaling,
    Rotary,
    RotaryScaling,
    YarnScaling,
)

SCALINGS: dict[str, RotaryScaling] = {
    "linear": LinearScaling(4.0),
    "ntk": NtkScaling(4.0),
    "yarn": YarnScaling(4.0, 64),
    "llama3": Llama3Scaling(4.0, 64),
    "longrope": LongRopeScaling([1.0, 1.5, 2.0, 4.0], 4.0, 64),
}
FREQUENCY = 1 / 10000.0 ** (torch.arange(4, dtype=torch.double) / 4)
each = pytest.mark.parametrize("scaling", SCALINGS.values(), ids=list(SCALINGS))


@each
def test_frequencies_fall_at_most_by_the_factor(scaling: RotaryScaling) -> None:
    share = scaling.scaled(FREQUENCY, 10000.0) / FREQUENCY
    assert bool((share >= 1 / 4 - 1e-9).all())
    assert bool((share <= 1 + 1e-9).all())
    assert share[-1].item() == pytest.approx(1 / 4)  # the slowest is interpolated in full
    assert scaling.attention_factor >= 1


@each
def test_a_factor_of_one_changes_nothing_and_less_is_refused(scaling: RotaryScaling) -> None:
    kind = type(scaling)
    made = {
        LinearScaling: lambda factor: LinearScaling(factor),
        NtkScaling: lambda factor: NtkScaling(factor),
        YarnScaling: lambda factor: YarnScaling(factor, 64),
        Llama3Scaling: lambda factor: Llama3Scaling(factor, 64),
        LongRopeScaling: lambda factor: LongRopeScaling([1.0] * 4, factor, 64),
    }[kind]
    torch.testing.assert_close(made(1.0).scaled(FREQUENCY, 10000.0), FREQUENCY)
    assert made(1.0).attention_factor == 1
    with pytest.raises(ConfigurationError, match=rf"factor \({kind.__name__}\) must be at least 1\. Got 0\.5\."):
        made(0.5)


@each
def test_turned_norms_grow_by_the_attention_factor_alone(scaling: RotaryScaling) -> None:
    """Also in the written-out form that compilers take."""
    torch.manual_seed(0)
    rotary, x, at = Rotary(8, scaling=scaling), torch.randn(2, 3, 5, 8), torch.tensor([[0, 1, 63, 64, 250]])
    turned = rotary.rotate(x, at)
    torch.testing.assert_close(turned.norm(dim=-1), x.norm(dim=-1) * scaling.attention_factor)
    compiled = torch.compile(rotary.rotate, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(x, at), turned)
    assert not torch.allclose(turned, Rotary(8).rotate(x, at))
