"""A recurrent encoder-decoder in the place of the transformer: same calls, cached steps, padding."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from attnframe import masks
from attnframe.bridges import Bahdanau, Luong, Recurrence, RecurrentDecoderLayer
from attnframe.errors import ConfigurationError
from attnframe.models import EncoderDecoder, RecurrentDecoder
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.attention.mha import MultiHeadAttention

Kind = Callable[..., RecurrentDecoderLayer]
MHA = MultiHeadAttention(num_heads=2)


def make(variant: AttentionVariant, kind: Kind = Bahdanau) -> EncoderDecoder:
    torch.manual_seed(0)
    encoder = Recurrence(12, 24, "gru", bidirectional=True)
    return EncoderDecoder(encoder, RecurrentDecoder(kind(variant.build(16, context_dim=24)))).eval()


@pytest.mark.parametrize("kind", [Bahdanau, Luong])
def test_cached_equals_full_for_every_variant(cross_variant: AttentionVariant, kind: Kind) -> None:
    model = make(cross_variant, kind)
    source, target = torch.randn(2, 6, 12), torch.randn(2, 5, 16)
    mask = masks.Padding(torch.arange(6) < torch.tensor([[6], [4]]))
    full = model(source, target, source_mask=mask, context_mask=mask)
    with torch.no_grad():
        context = model.encode(source, mask=mask)
        caches = model.new_caches(2, 5)
        parts = [
            model.decode(part, context, context_mask=mask, caches=caches) for part in target.split([2, 1, 2], dim=1)
        ]
    torch.testing.assert_close(torch.cat(parts, 1), full, atol=1e-5, rtol=1e-5)
    assert caches.length == 5


def test_padding_behind_the_target_is_taken_and_before_it_refused() -> None:
    model = make(MHA)
    source, target = torch.randn(2, 6, 12), torch.randn(2, 5, 16)
    behind = torch.arange(5) < torch.tensor([[5], [3]])
    changed = target.masked_fill(~behind.unsqueeze(-1), 1e3)
    out = model(source, changed, target_mask=masks.Padding(behind))
    torch.testing.assert_close(out[behind], model(source, target)[behind])
    with pytest.raises(ConfigurationError, match=r"mask \(RecurrentDecoder\) must hold padding behind the real tokens"):
        model(source, target, target_mask=masks.Padding(behind.flip(1)))


def test_widths_must_fit() -> None:
    decoder = RecurrentDecoder(Luong(MHA.build(16, context_dim=12)))
    with pytest.raises(ConfigurationError, match=r"must be the encoder's width 24. Got 12"):
        EncoderDecoder(Recurrence(12, 24, bidirectional=True), decoder)
