"""The gated skip connection."""

from __future__ import annotations

import torch

from attnframe import Attention
from attnframe.attention.mixer import Call
from attnframe.attention.mixers import SkipMixer, SoftmaxMixer
from attnframe.masks import Dense, Extent, Full

B, T, D, H = 2, 5, 12, 3
X = torch.randn(B, T, D, generator=torch.Generator().manual_seed(0))


def make() -> tuple[Attention, SkipMixer]:
    torch.manual_seed(0)
    mixer = SkipMixer(SoftmaxMixer(), H, D // H)
    return Attention(D, H, mixer=mixer), mixer


def test_starts_half_way_between_what_is_kept_and_what_is_mixed() -> None:
    layer, _ = make()
    plain = Attention(D, H)
    plain.load_state_dict(layer.state_dict(), strict=False)
    kept = layer.projections.output_proj(layer.signal_proj(X))
    torch.testing.assert_close(layer(X), (plain(X) + kept) / 2)


def test_a_gate_far_to_one_side_keeps_everything_or_nothing() -> None:
    layer, mixer = make()
    assert layer.signal_proj is not None
    with torch.no_grad():
        layer.signal_proj.weight.zero_()
        layer.signal_proj.bias.fill_(1.0)
        mixer.gate[D : 2 * D] = 100.0
    torch.testing.assert_close(layer(X), layer.projections.output_proj(torch.ones(B, T, D)))
    with torch.no_grad():
        mixer.gate[D : 2 * D] = -100.0
    plain = Attention(D, H)
    plain.load_state_dict(layer.state_dict(), strict=False)
    torch.testing.assert_close(layer(X), plain(X))


def test_one_gate_serves_all_heads() -> None:
    _, mixer = make()
    mixed, kept = torch.zeros(B, H, T, D // H), torch.ones(B, H, T, D // H)
    with torch.no_grad():
        mixer.gate[D] = 1.0  # Only the first feature of what is kept counts.
    out = mixer.finish(mixed, Call(Full(), Extent(B, H, T, T), signals={"skip": kept}))
    torch.testing.assert_close(out, torch.sigmoid(torch.ones(())).expand_as(out))


def test_a_query_that_sees_nothing_keeps_its_own_features() -> None:
    layer, _ = make()
    out = layer(X, mask=Dense(torch.zeros(T, T, dtype=torch.bool)))
    torch.testing.assert_close(out, layer.projections.output_proj(layer.signal_proj(X)) / 2)
