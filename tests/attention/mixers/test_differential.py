"""Differential attention: its factor, what it cancels, its widths."""

from __future__ import annotations

import math

import pytest
import torch

from attnframe.attention.mixers import DifferentialMixer
from attnframe.recipes.attention.differential import DifferentialAttention


def test_the_factor_is_the_papers() -> None:
    mixer = DifferentialMixer(4, lambda_init=0.3)
    with torch.no_grad():
        mixer.vectors.copy_(torch.tensor([[1.0, 2.0], [0.5, 0.25], [0.0, 1.0], [3.0, -1.0]]))
    assert mixer.factor().item() == pytest.approx(math.exp(1.0) - math.exp(-1.0) + 0.3, rel=1e-6)


def test_equal_halves_cancel_up_to_one_minus_the_factor() -> None:
    layer = DifferentialAttention(num_heads=1, lambda_init=0.25).build(8)
    mixer = layer.mixer
    assert isinstance(mixer, DifferentialMixer)
    torch.nn.init.zeros_(mixer.vectors)
    half = torch.randn(1, 1, 5, 4)
    query = key = torch.cat([half, half], dim=-1)
    value = torch.randn(1, 1, 5, 8)
    found = []
    layer.mixer.register_forward_hook(lambda module, given, out: found.append(given[3]))
    layer(torch.randn(1, 5, 8))
    expected = torch.softmax(half @ half.transpose(-1, -2) / 2, dim=-1) @ value
    torch.testing.assert_close(mixer(query, key, value, found[0]), 0.75 * expected)


def test_a_head_needs_an_even_width() -> None:
    (fault,) = DifferentialAttention(num_heads=4).width_faults(12)
    assert str(fault).startswith(
        "attention.num_heads (DifferentialAttention) must divide model.dim=12 into an even head width. Got 4. "
        "Possible: 1, 2, 3, 6."
    )
