"""Products of weights and gradients, against autograd through weights that are formed."""

import pytest
import torch
from torch import nn

from attnframe import Attention
from attnframe.errors import ConfigurationError
from attnframe.interpretation import attribution
from attnframe.recipes.registry import attention_variants


@pytest.mark.parametrize("heads", [4, 2])
def test_products_are_those_of_autograd(heads: int) -> None:
    torch.manual_seed(0)
    layer = Attention(16, 4, num_kv_heads=heads)
    x = torch.randn(2, 5, 16)
    with attribution(layer) as found:
        layer(x).square().sum().backward()
    query, key, value = layer.projections.input_proj(x).split([16, 4 * heads, 4 * heads], dim=2)
    query = query.view(2, 5, 4, 4).transpose(1, 2)
    key, value = (one.view(2, 5, heads, 4).transpose(1, 2).repeat_interleave(4 // heads, 1) for one in (key, value))
    weights = (query @ key.transpose(2, 3) / 2).softmax(-1).detach().requires_grad_()
    out = layer.projections.output_proj((weights @ value).transpose(1, 2).flatten(2))
    out.square().sum().backward()
    assert weights.grad is not None
    torch.testing.assert_close(found.weights[""], weights.detach())
    torch.testing.assert_close(found.products[""], (weights * weights.grad).detach())


def test_rows_of_many_runs_lie_one_behind_the_other() -> None:
    torch.manual_seed(0)
    layer = Attention(16, 4, context_dim=16)
    x, context = torch.randn(1, 3, 16), torch.randn(1, 5, 16)
    with attribution(layer) as whole:
        layer(x, context).sum().backward()
    with attribution(layer) as parts:
        torch.cat([layer(token, context) for token in x.split(1, dim=1)], 1).sum().backward()
    torch.testing.assert_close(parts.weights[""], whole.weights[""])
    torch.testing.assert_close(parts.products[""], whole.products[""])


def test_every_variant_with_weights_has_products() -> None:
    for name in ("mha", "gqa", "linear", "window", "differential", "none", "mla"):
        torch.manual_seed(0)
        layer = attention_variants()[name]().build(32)
        with attribution(layer) as found:
            layer(torch.randn(1, 6, 32)).square().sum().backward()
        assert found.products[""].shape == found.weights[""].shape, name
        assert found.products[""].isfinite().all(), name


def test_it_needs_gradients() -> None:
    model = nn.Sequential(Attention(16, 4))
    with torch.no_grad(), attribution(model), pytest.raises(ConfigurationError, match="must be reached by a gradient"):
        model(torch.randn(1, 3, 16))
