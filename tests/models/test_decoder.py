"""The decoder: causal, and the same with a cache as without, for every registered variant."""

from __future__ import annotations

import pytest
import torch

from attnframe import masks
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.models import Decoder
from attnframe.positions import Alibi, Learned, Position, Rotary, Sinusoidal
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.attention.window import WindowAttention

DIM, HEADS, LENGTH = 16, 4, 11
MHA = MultiHeadAttention(num_heads=HEADS)
POSITIONS = ["none", "sinusoidal", "learned", "rope", "alibi"]


def position(name: str, variant: AttentionVariant = MHA) -> Position | None:
    if name == "learned":
        return Learned(DIM, 32)
    turned = Rotary(variant.rotary_width(DIM))
    return {"none": None, "sinusoidal": Sinusoidal(DIM), "rope": turned, "alibi": Alibi(HEADS)}[name]


def supports(variant: AttentionVariant, name: str) -> bool:
    can = variant.capabilities
    return {"alibi": can.bias, "rope": can.rotary}.get(name, True)


@pytest.mark.parametrize("name", POSITIONS)
@pytest.mark.parametrize("max_length", [None, LENGTH])
def test_cached_equals_full(decoding_variant: AttentionVariant, name: str, max_length: int | None) -> None:
    if not supports(decoding_variant, name):
        return
    torch.manual_seed(0)
    decoder = Decoder(DIM, 2, decoding_variant, position(name, decoding_variant)).eval()
    x = torch.randn(3, LENGTH, DIM)
    full = decoder(x)
    caches = decoder.new_caches(3, max_length)
    with torch.no_grad():
        parts = [decoder(part, caches=caches) for part in x.split([4, 1, 1, 3, 1, 1], dim=1)]
    torch.testing.assert_close(torch.cat(parts, 1), full, atol=1e-5, rtol=1e-5)
    assert caches.length == LENGTH
    assert caches.nbytes == sum(cache.nbytes for cache in caches) > 0


def test_does_not_see_the_future(causal_variant: AttentionVariant) -> None:
    torch.manual_seed(0)
    decoder = Decoder(DIM, 2, causal_variant, Sinusoidal(DIM)).eval()
    x = torch.randn(2, LENGTH, DIM)
    changed = x.clone()
    changed[:, 6:] = torch.randn(2, LENGTH - 6, DIM)
    torch.testing.assert_close(decoder(changed)[:, :6], decoder(x)[:, :6], atol=1e-6, rtol=1e-6)
    assert not torch.allclose(decoder(changed)[:, 6:], decoder(x)[:, 6:])


def test_trains(causal_variant: AttentionVariant) -> None:
    torch.manual_seed(0)
    decoder = Decoder(DIM, 2, causal_variant, Sinusoidal(DIM))
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=1e-2)
    x, target = torch.randn(4, 6, DIM), torch.randn(4, 6, DIM)
    losses = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = (decoder(x) - target).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]


def test_padding_changes_no_valid_output(causal_variant: AttentionVariant) -> None:
    torch.manual_seed(0)
    decoder = Decoder(DIM, 2, causal_variant, Sinusoidal(DIM)).eval()
    x = torch.randn(1, 5, DIM)
    # Padded on the left, where causality hides nothing, with the positions that the sequence has alone.
    padded = torch.cat([torch.full((1, 3, DIM), 1e3), x], 1)
    mask = masks.Padding(torch.arange(8).unsqueeze(0) >= 3)
    out = decoder(padded, mask=mask, positions=torch.arange(-3, 5).clamp(min=0).unsqueeze(0))
    torch.testing.assert_close(out[:, 3:], decoder(x), atol=1e-5, rtol=1e-5)


def test_crop_takes_back_steps() -> None:
    torch.manual_seed(0)
    decoder = Decoder(DIM, 2, MHA, Rotary(DIM // HEADS)).eval()
    x, other = torch.randn(2, 8, DIM), torch.randn(2, 4, DIM)
    caches = decoder.new_caches(2)
    with torch.no_grad():
        decoder(torch.cat([x[:, :5], other], 1), caches=caches)
        caches.crop(5)
        rest = decoder(x[:, 5:], caches=caches)
    torch.testing.assert_close(rest, decoder(x)[:, 5:], atol=1e-5, rtol=1e-5)


def test_crop_to_nothing_starts_anew(decoding_variant: AttentionVariant) -> None:
    torch.manual_seed(0)
    decoder = Decoder(DIM, 2, decoding_variant, Sinusoidal(DIM)).eval()
    x = torch.randn(2, 8, DIM)
    caches = decoder.new_caches(2)
    with torch.no_grad():
        decoder(torch.randn(2, 9, DIM), caches=caches)
        caches.crop(0)
        again = decoder(x, caches=caches)
    torch.testing.assert_close(again, decoder(x), atol=1e-5, rtol=1e-5)


def test_reorder_continues_other_sequences(decoding_variant: AttentionVariant) -> None:
    torch.manual_seed(0)
    decoder = Decoder(DIM, 2, decoding_variant, Sinusoidal(DIM)).eval()
    x, order = torch.randn(3, 8, DIM), torch.tensor([2, 0, 0, 1])
    caches = decoder.new_caches(3)
    with torch.no_grad():
        decoder(x[:, :6], caches=caches)
        caches.reorder(order)
        rest = decoder(x[order, 6:], caches=caches)
    torch.testing.assert_close(rest, decoder(x)[order, 6:], atol=1e-5, rtol=1e-5)


def test_a_ring_keeps_memory_constant() -> None:
    decoder = Decoder(DIM, 2, WindowAttention(window=3)).eval()
    caches = decoder.new_caches(1)
    sizes = []
    with torch.no_grad():
        for _ in range(20):
            decoder(torch.randn(1, 1, DIM), caches=caches)
            sizes.append(caches.nbytes)
    assert sizes[0] == sizes[-1]
    assert caches.length == 20


def test_caches_are_a_sequence_of_one_a_block() -> None:
    caches = Decoder(DIM, 3, MHA).new_caches(2)
    assert len(caches) == 3
    assert [*caches] == [caches[0], caches[1], caches[2]]
    assert caches[1:] == (caches[1], caches[2])


def test_a_context_belongs_to_cross_attention() -> None:
    x, context = torch.randn(1, 3, DIM), torch.randn(1, 5, 12)
    text = r"context \(Decoder\) must be None without context_dim\. Got shape \(1, 5, 12\)"
    with pytest.raises(ConfigurationError, match=text):
        Decoder(DIM, 1, MHA)(x, context)
    with pytest.raises(ConfigurationError, match=r"context \(Decoder\) must be given with context_dim. Got None"):
        Decoder(DIM, 1, MHA, context_dim=12)(x)


def test_a_variant_without_cross_attention_is_refused() -> None:
    with pytest.raises(UnsupportedError, match=r"attention=window .*must be capable of cross attention"):
        Decoder(DIM, 1, WindowAttention(), context_dim=12)


def test_queries_that_are_not_causal_see_one_another_and_the_context() -> None:
    torch.manual_seed(0)
    decoder = Decoder(DIM, 1, MHA, context_dim=DIM, causal=False).eval()
    x, context = torch.randn(1, LENGTH, DIM), torch.randn(1, 5, DIM)
    out = decoder(x, context)
    turned = decoder(x.flip(1), context).flip(1)
    torch.testing.assert_close(turned, out)
    changed = torch.cat([x[:, :-1], torch.randn(1, 1, DIM)], 1)
    assert not torch.allclose(decoder(changed, context)[:, 0], out[:, 0])
    with pytest.raises(UnsupportedError, match="needs causal blocks"):
        decoder.new_caches(1)


def test_queries_that_are_not_causal_need_a_variant_that_sees_both_sides() -> None:
    with pytest.raises(UnsupportedError, match="must be capable of cross attention"):
        Decoder(DIM, 1, WindowAttention(num_heads=HEADS, window=2), context_dim=DIM, causal=False)
