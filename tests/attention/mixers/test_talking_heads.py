"""Talking heads: what they start as, and what they refuse."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.mixers import TalkingHeadsMixer
from attnframe.errors import ConfigurationError
from attnframe.recipes.attention.mha import MultiHeadAttention
from attnframe.recipes.attention.talking_heads import TalkingHeadsAttention


@pytest.mark.parametrize("causal", [False, True])
def test_training_starts_from_multi_head_attention(causal: bool) -> None:
    ours = TalkingHeadsAttention(num_heads=4).build(16, causal=causal)
    peer = MultiHeadAttention(num_heads=4).build(16, causal=causal)
    peer.load_state_dict({name: one for name, one in ours.state_dict().items() if not name.startswith("mixer")})
    x = torch.randn(2, 7, 16)
    torch.testing.assert_close(ours(x), peer(x), rtol=1e-5, atol=1e-6)


def test_heads_hear_one_another() -> None:
    layer = TalkingHeadsAttention(num_heads=2).build(8)
    mixer = layer.mixer
    assert isinstance(mixer, TalkingHeadsMixer)
    x = torch.randn(1, 5, 8)
    before = layer(x)
    with torch.no_grad():
        mixer.score_map[0, 1] = 1.0
    assert not torch.allclose(layer(x), before)


def test_wrong_arguments_are_named_together() -> None:
    said = (
        r"dropout \(TalkingHeadsMixer\) must be from 0 to 1. Got 2(?s:.*)chunk \(TalkingHeadsMixer\) must be at least 1"
    )
    with pytest.raises(ConfigurationError, match=said):
        TalkingHeadsMixer(2, dropout=2, chunk=0)
