"""The encoder-decoder: composition, padding, and cached decoding."""

from __future__ import annotations

import pytest
import torch

from attnframe import masks
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.models import Decoder, Encoder, EncoderDecoder
from attnframe.positions import Rotary, Sinusoidal
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.attention.window import WindowAttention

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


def test_sequences_that_share_a_context_hold_it_once(cross_variant: AttentionVariant) -> None:
    model, copies = make(cross_variant), 3
    source, target = torch.randn(2, 6, 24), torch.randn(6, 5, 16)
    mask = masks.Padding(torch.arange(6) < torch.tensor([[6], [4]]))
    repeated = masks.Padding(mask.valid.repeat_interleave(copies, 0))
    with torch.no_grad():
        context = model.encode(source, mask=mask)
        full = model.decode(target, context.repeat_interleave(copies, 0), context_mask=repeated)
        caches = model.decoder.new_caches(6, 5, copies)
        first = model.decode(target[:, :2], context, context_mask=mask, caches=caches)
        held = caches[0].cross_attention
        assert held is not None
        assert all(len(tensor) == 2 for tensor in held.state.values())
        order = torch.tensor([1, 1, 0, 5, 3, 3])
        caches.reorder(order)
        rest = [model.decode(target[order, i : i + 1], context, context_mask=mask, caches=caches) for i in (2, 3)]
        caches.reorder(torch.tensor([4, 4, 3]))  # One of the contexts is no longer read.
        last = target[order][[4, 4, 3], 4:]
        end = model.decode(last, context[1:], context_mask=masks.Padding(mask.valid[1:]), caches=caches)
    torch.testing.assert_close(first, full[:, :2], atol=1e-5, rtol=1e-5)
    # Hypotheses that continue from another's past are as if they had been it from the beginning.
    torch.testing.assert_close(torch.cat(rest, 1), full[order][:, 2:4], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(end, full[order][[4, 4, 3], 4:], atol=1e-5, rtol=1e-5)


def test_sequences_that_share_a_context_stay_together() -> None:
    caches = make(MHA).decoder.new_caches(4, 5, 2)
    must = (
        r"indices \(BlockCache\.reorder\) must keep each 2 sequences that share a context together\. Got \[0, 2, 3, 3\]"
    )
    with pytest.raises(ConfigurationError, match=must):
        caches.reorder(torch.tensor([0, 2, 3, 3]))


def test_cross_attention_of_another_variant() -> None:
    window = WindowAttention(num_heads=4, window=1)
    with pytest.raises(UnsupportedError, match="must be capable of cross attention"):
        Decoder(16, 1, window, context_dim=24)
    decoder = Decoder(16, 1, window, context_dim=24, cross_attention=MHA)
    assert decoder(torch.randn(2, 5, 16), torch.randn(2, 6, 24)).shape == (2, 5, 16)
    with pytest.raises(
        UnsupportedError, match=r"attention=window \(WindowAttention\) must be capable of cross attention"
    ):
        Decoder(16, 1, MHA, context_dim=24, cross_attention=window)
