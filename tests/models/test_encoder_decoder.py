"""The encoder-decoder: composition, padding, and cached decoding."""

from __future__ import annotations

import pytest
import torch

from attnframe import masks
from attnframe.errors import ConfigurationError
from attnframe.models import Decoder, Encoder, EncoderDecoder
from attnframe.positions import Rotary, Sinusoidal
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention

MHA = MultiHeadAttention(num_heads=4)


def make(variant: AttentionVariant) -> EncoderDecoder:
    torch.manual_seed(0)
    encoder = Encoder(24, 1, variant, Sinusoidal(24))
    rotary = Rotary(variant.rotary_width(16)) if variant.capabilities.rotary else None
    return EncoderDecoder(encoder, Decoder(16, 2, variant, rotary, context_dim=24)).eval()


def test_decodes_what_it_encoded(cross_variant: AttentionVariant) -> None:
    model = make(cross_variant)
    source, target = torch.randn(2, 6, 24), torch.randn(2, 5, 16)
    torch.testing.assert_close(model(source, target), model.decoder(target, model.encoder(source)))
    other = torch.randn(2, 6, 24)
    assert not torch.allclose(model(source, target), model(other, target))


def test_cached_equals_full_and_projects_the_context_once(cross_variant: AttentionVariant) -> None:
    model = make(cross_variant)
    source, target = torch.randn(2, 6, 24), torch.randn(2, 5, 16)
    mask = masks.Padding(torch.arange(6) < torch.tensor([[6], [4]]))
    full = model(source, target, source_mask=mask, context_mask=mask)
    with torch.no_grad():
        context = model.encode(source, mask=mask)
        caches = model.new_caches(2, 5)
        first = model.decode(target[:, :2], context, context_mask=mask, caches=caches)
        held = caches[0].cross_attention
        assert held is not None
        before = {name: tensor.data_ptr() for name, tensor in held.state.items()}
        rest = [model.decode(target[:, i : i + 1], context, context_mask=mask, caches=caches) for i in range(2, 5)]
        assert {name: tensor.data_ptr() for name, tensor in held.state.items()} == before
    torch.testing.assert_close(torch.cat([first, *rest], 1), full, atol=1e-5, rtol=1e-5)


def test_reorder_and_crop_with_a_context() -> None:
    model = make(MHA)
    source, target, order = torch.randn(2, 6, 24), torch.randn(2, 5, 16), torch.tensor([1, 1, 0])
    full = model(source, target)
    with torch.no_grad():
        context = model.encode(source)
        caches = model.new_caches(2)
        model.decode(target, context, caches=caches)
        caches.crop(3)
        caches.reorder(order)
        rest = model.decode(target[order, 3:], context[order], caches=caches)
    torch.testing.assert_close(rest, full[order, 3:], atol=1e-5, rtol=1e-5)


def test_padding_of_the_source_changes_nothing() -> None:
    model = make(MHA)
    source, target = torch.randn(1, 4, 24), torch.randn(1, 5, 16)
    padded = torch.cat([source, torch.full((1, 3, 24), 1e3)], 1)
    mask = masks.Padding(torch.arange(7).unsqueeze(0) < 4)
    out = model(padded, target, source_mask=mask, context_mask=mask)
    torch.testing.assert_close(out, model(source, target), atol=1e-5, rtol=1e-5)


def test_gradients_reach_the_encoder() -> None:
    model = make(MHA)
    model(torch.randn(2, 6, 24), torch.randn(2, 5, 16)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters() if p.dim() > 1)


def test_state_dict_round_trip() -> None:
    model, other = make(MHA), make(MHA)
    for parameter in other.parameters():
        torch.nn.init.normal_(parameter)
    other.load_state_dict(model.state_dict())
    source, target = torch.randn(2, 6, 24), torch.randn(2, 5, 16)
    assert torch.equal(model(source, target), other(source, target))


def test_widths_must_fit() -> None:
    must = r"decoder\.context_dim \(EncoderDecoder\) must be the encoder's width 24\. Got 16\."
    with pytest.raises(ConfigurationError, match=must):
        EncoderDecoder(Encoder(24, 1, MHA), Decoder(16, 1, MHA, context_dim=16))
