"""The feed-forward layer against its formula."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from attnframe.blocks import Activation, FeedForward
from attnframe.blocks.feed_forward import squared_relu
from attnframe.errors import ConfigurationError

FORMULAS = {
    "gelu": lambda x: x * 0.5 * (1 + torch.erf(x / 2**0.5)),
    "relu": lambda x: x.clamp(min=0),
    "silu": lambda x: x * x.sigmoid(),
    "squared_relu": lambda x: x.clamp(min=0) ** 2,
    "swiglu": lambda x: x.chunk(2, -1)[0].sigmoid() * x.chunk(2, -1)[0] * x.chunk(2, -1)[1],
}


@pytest.mark.parametrize("activation", FORMULAS)
def test_equals_its_formula(activation: Activation) -> None:
    torch.manual_seed(0)
    layer = FeedForward(6, 24, activation)
    x = torch.randn(2, 3, 6)
    hidden = FORMULAS[activation](F.linear(x, layer.hidden.weight, layer.hidden.bias))
    torch.testing.assert_close(layer(x), F.linear(hidden, layer.output.weight, layer.output.bias))


@pytest.mark.parametrize("activation", FORMULAS)
def test_gradients(activation: Activation) -> None:
    torch.manual_seed(0)
    layer = FeedForward(3, 12, activation).double()
    x = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(layer, (x,))


def test_squared_relu_and_its_slope_at_known_points() -> None:
    x = torch.tensor([-2.0, 0.0, 3.0], requires_grad=True)
    out = squared_relu(x)
    out.sum().backward()
    assert out.tolist() == [0, 0, 9]
    assert x.grad is not None
    assert x.grad.tolist() == [0, 0, 6]
    given = x.detach()
    assert squared_relu(given).tolist() == [0, 0, 9]
    assert given.tolist() == [-2, 0, 3]


def test_swiglu_has_about_as_many_parameters() -> None:
    count = {
        name: sum(p.numel() for p in FeedForward(96, 384, name, bias=False).parameters()) for name in ("gelu", "swiglu")
    }
    assert count["swiglu"] == count["gelu"]


def test_dropout_only_in_training() -> None:
    torch.manual_seed(0)
    layer = FeedForward(8, 32, dropout=0.5)
    x = torch.randn(4, 8)
    assert not torch.equal(layer(x), layer(x))
    layer.eval()
    assert torch.equal(layer(x), layer(x))


def test_unknown_activation_is_named_with_the_near_miss() -> None:
    text = r"activation \(FeedForward\) must be a known activation\. Got 'swigl'\. Did you mean swiglu or silu\?"
    with pytest.raises(ConfigurationError, match=text):
        FeedForward(8, 32, "swigl")
