"""Initial weights by measurement."""

from __future__ import annotations

import torch
from torch import nn

from attnframe.models import Decoder, initialise
from attnframe.positions import Learned
from attnframe.recipes.attention.gqa import GroupedQueryAttention


def test_deviations() -> None:
    torch.manual_seed(0)
    decoder = Decoder(128, 4, GroupedQueryAttention(num_heads=4, num_kv_heads=2), context_dim=96)
    initialise(decoder, std=0.05)
    for name, module in decoder.named_modules():
        if isinstance(module, nn.Linear):
            ends = name.endswith(("output_proj", "feed_forward.output"))
            expected = 0.05 / 12**0.5 if ends else 0.05  # 4 blocks of 3 branches
            assert abs(module.weight.std().item() / expected - 1) < 0.05, name
            assert module.bias is None or not module.bias.any()


def test_positions_keep_their_own() -> None:
    torch.manual_seed(0)
    position = Learned(16, 8)
    before = {name: tensor.clone() for name, tensor in position.state_dict().items()}
    Decoder(16, 1, GroupedQueryAttention(num_heads=4, num_kv_heads=2), position)
    assert all(torch.equal(tensor, before[name]) for name, tensor in position.state_dict().items())


def test_depth_does_not_blow_up_the_residual_stream() -> None:
    torch.manual_seed(0)
    variant = GroupedQueryAttention(num_heads=4, num_kv_heads=2)
    x = torch.randn(2, 8, 64)
    shallow, deep = (Decoder(64, depth, variant, final_norm=False)(x).std().item() for depth in (1, 24))
    assert abs(deep - shallow) < 0.1
