"""The gate: open, shut, and not seen by capture."""

from __future__ import annotations

import torch

from attnframe.recipes.attention.gated import GatedAttention
from attnframe.recipes.attention.mha import MultiHeadAttention


def _pair() -> tuple[torch.nn.Module, torch.nn.Module]:
    gated, plain = GatedAttention(num_heads=2).build(8), MultiHeadAttention(num_heads=2).build(8)
    plain.load_state_dict({name: one for name, one in gated.state_dict().items() if "signal" not in name})
    assert gated.signal_proj is not None
    torch.nn.init.zeros_(gated.signal_proj.weight)
    return gated, plain


def test_without_a_signal_half_goes_through() -> None:
    gated, plain = _pair()
    x = torch.randn(2, 5, 8)
    torch.testing.assert_close(gated(x), plain(x) / 2)


def test_the_gate_is_the_querys_own() -> None:
    gated, plain = _pair()
    torch.nn.init.normal_(gated.signal_proj.weight)
    x = torch.randn(1, 5, 8)
    opened = torch.sigmoid(gated.signal_proj(x)).view(1, 5, 2, 4)
    plain.projections.output_proj.weight.data.copy_(torch.eye(8))
    gated.projections.output_proj.weight.data.copy_(torch.eye(8))
    torch.testing.assert_close(gated(x), plain(x) * opened.flatten(2))
