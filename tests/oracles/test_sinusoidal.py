"""Sinusoidal positions against Marian's in transformers."""

from __future__ import annotations

import pytest
import torch
from transformers.models.marian.modeling_marian import MarianSinusoidalPositionalEmbedding

from attnframe.positions import Sinusoidal


@pytest.mark.parametrize("dim", [8, 64])
def test_equals_marian_up_to_the_order_of_features(dim: int) -> None:
    """Marian keeps all sines first, then all cosines; here each sine stands before its cosine, as in the paper.

    There are no parameters, and the gradient of a sum in its input is 1.
    """
    sines, cosines = MarianSinusoidalPositionalEmbedding(50, dim).create_weight().chunk(2, dim=1)
    wanted = torch.stack((sines, cosines), dim=-1).flatten(1)
    x = torch.randn(2, 50, dim, requires_grad=True)
    added = Sinusoidal(dim).add(x, torch.arange(50)[None])
    torch.testing.assert_close(added - x, wanted.expand(2, -1, -1), rtol=0, atol=1e-5)
    assert torch.equal(torch.autograd.grad(added.sum(), x)[0], torch.ones_like(x))
