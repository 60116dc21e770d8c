"""The convolutional network: its parts, every variant, positions of places."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from attnframe.bridges import CBAM, NonLocal, SqueezeExcite
from attnframe.errors import ConfigurationError
from attnframe.models import AttentionCNN
from attnframe.positions import Learned, Rotary
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention

DIM = 16
MHA = MultiHeadAttention(num_heads=4)


@pytest.mark.parametrize(("recalibration", "kind"), [("se", SqueezeExcite), ("cbam", CBAM), ("none", None)])
@pytest.mark.parametrize("non_local", [True, False])
def test_has_the_parts_that_were_asked_for(recalibration: Any, kind: Any, non_local: bool) -> None:
    model = AttentionCNN(DIM, 3, MHA, recalibration=recalibration, non_local=non_local)
    found = [module for module in model.modules() if isinstance(module, SqueezeExcite | CBAM)]
    assert [type(module) for module in found] == [kind] * (3 if kind else 0)
    assert sum(isinstance(module, NonLocal) for module in model.modules()) == (3 if non_local else 0)
    out = model(torch.randn(2, DIM, 5, 4))
    assert out.shape == (2, DIM, 5, 4)
    assert out.ge(0).all()


def test_every_variant_trains(variant: AttentionVariant) -> None:
    torch.manual_seed(0)
    model = AttentionCNN(DIM, 2, variant, reduction=2)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-2)
    x, target = torch.randn(4, DIM, 3, 3), torch.rand(4, DIM, 3, 3)
    losses = []
    for _ in range(12):
        loss = (model(x) - target).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters() if p.dim() > 1)


@pytest.mark.parametrize("position", [Learned(DIM, 12), Rotary(4)], ids=["input", "rotary"])
def test_positions_of_places_matter_where_attention_does(position: Any) -> None:
    torch.manual_seed(0)
    model = AttentionCNN(DIM, 1, MHA, position).eval()
    for module in model.modules():
        if isinstance(module, NonLocal):
            module.scale.data.fill_(1.0)
    x, places = torch.randn(2, DIM, 3, 4), torch.arange(12).unsqueeze(0)
    torch.testing.assert_close(model(x), model(x, positions=places))
    assert not torch.allclose(model(x), model(x, positions=places.flip(1)))
    torch.manual_seed(0)
    without = AttentionCNN(DIM, 1, MHA, position, non_local=False)
    torch.testing.assert_close(without(x, positions=places), without(x))


def test_builds_on_the_meta_device_and_tells_what_is_wrong() -> None:
    with torch.device("meta"):
        assert AttentionCNN(DIM, 1, MHA)(torch.empty(2, DIM, 3, 3)).shape == (2, DIM, 3, 3)
    with pytest.raises(
        ConfigurationError, match=r"recalibration \(ConvolutionBlock\) must be a known .+ Did you mean se"
    ):
        AttentionCNN(DIM, 1, MHA, recalibration="see")
