"""Head importance equals the gradient of a gate that is really there."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from attnframe import Attention
from attnframe.blocks import checkpoint_activations
from attnframe.errors import ConfigurationError
from attnframe.interpretation import head_importance
from attnframe.models import Encoder
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.registry import attention_variants


def gated(layer: Attention, x: Tensor) -> Tensor:
    """|dL / dg| (B, H) with a gate of ones put in, L being the sum of squares of the output."""
    gate = torch.ones(x.shape[0], layer.num_heads, 1, 1, dtype=x.dtype, requires_grad=True)

    def hook(module: nn.Module, inputs: tuple[Any, ...]) -> Tensor:
        joined: Tensor = inputs[0]
        return (joined.unflatten(-1, (layer.num_heads, -1)).transpose(1, 2) * gate).transpose(1, 2).flatten(2)

    handle = layer.projections.output_proj.register_forward_pre_hook(hook)
    (found,) = torch.autograd.grad(layer(x).square().sum(), gate)
    handle.remove()
    return found.abs().flatten(1)


@pytest.mark.parametrize("name", sorted(attention_variants()))
def test_every_variant_has_heads_of_some_importance(name: str) -> None:
    recipe = attention_variants()[name].example()
    claims = recipe.capabilities
    torch.manual_seed(0)
    layer = recipe.build(16, causal=not claims.noncausal).double().eval()
    x = torch.randn(3, 9, 16, dtype=torch.float64, requires_grad=True)
    layer(x).square().sum().backward()
    plain, x.grad = x.grad, None
    with head_importance(layer) as importance:
        out = layer(x)
        out.square().sum().backward()
    assert plain is not None
    assert x.grad is not None
    assert torch.equal(x.grad, plain)
    assert torch.equal(out, layer(x))
    torch.testing.assert_close(importance.scores()[""], gated(layer, x.detach()).mean(dim=0))


def test_batches_add_up_to_a_mean_over_examples() -> None:
    layer, x = Attention(8, 2), torch.randn(5, 4, 8)
    with head_importance(layer) as whole:
        layer(x).square().sum().backward()
    with head_importance(layer) as parts:
        for part in x.split(2):
            layer(part).square().sum().backward()
    torch.testing.assert_close(parts.scores()[""], whole.scores()[""])


def test_a_head_without_an_output_has_no_importance() -> None:
    layer = Attention(8, 2)
    with torch.no_grad():
        layer.projections.output_proj.weight[:, :4] = 0.0
    with head_importance(layer) as importance:
        layer(torch.randn(2, 4, 8)).square().sum().backward()
    first, second = importance.scores()[""].tolist()
    assert first == 0.0
    assert second > 0.0


def test_checkpointed_blocks_count_once() -> None:
    model, x = Encoder(8, 2, MultiHeadAttention(num_heads=2)), torch.randn(2, 4, 8)
    results = []
    for enabled in (False, True):
        checkpoint_activations(model, enabled)
        with head_importance(model, layers=[-1]) as importance:
            model(x).square().sum().backward()
        results.append(importance.scores())
    assert list(results[0]) == ["blocks.1.self_attention"]
    torch.testing.assert_close(results[1], results[0])


def test_without_a_gradient_it_says_so() -> None:
    layer = Attention(8, 2)
    expected = r"model \(head_importance\) must be reached by a gradient"
    with head_importance(layer) as importance, torch.no_grad(), pytest.raises(ConfigurationError, match=expected):
        layer(torch.randn(1, 3, 8))
    assert importance.scores() == {}


def test_shared_projections_cannot_be_told_apart() -> None:
    first, second = Attention(8, 2), Attention(8, 2)
    second.projections = first.projections
    expected = r"0 \(interpretation\) must have projections of its own, and shares with 1"
    with pytest.raises(ConfigurationError, match=expected), head_importance(nn.Sequential(first, second)):
        pass


def test_half_precision_is_summed_in_float32() -> None:
    layer, x = Attention(8, 2).bfloat16(), torch.randn(2, 4, 8).bfloat16()
    with head_importance(layer) as importance:
        layer(x).sum().backward()
    assert importance.scores()[""].dtype == torch.float32
