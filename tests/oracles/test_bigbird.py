"""BigBird's blocks against transformers' block-sparse form, with the random blocks of ours.

Transformers draws the random blocks anew and none outside of training, so the draws of our pattern are handed to it.
Both have one block beside the own on each side and one global block at either end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import BigBirdConfig
from transformers.models.big_bird.modeling_big_bird import BigBirdBlockSparseAttention, BigBirdModel

from attnframe.attention.projections import SeparateProjections
from attnframe.masks import RandomBlocks
from attnframe.recipes.attention.bigbird import BigBirdAttention

D, H, BLOCK, BLOCKS, R = 32, 4, 2, 12, 2


def _drawn(seed: int) -> list[Any]:
    """For each head the blocks (BLOCKS - 2, R) that the blocks between the first and the last draw."""
    mask = RandomBlocks(BLOCK, R, seed, skip=1, beside=1, skip_last=1)
    head, block = torch.arange(H).view(-1, 1), torch.arange(1, BLOCKS - 1).view(1, -1)
    draws = [mask.drawn(turn, head, block, BLOCK * BLOCKS) for turn in range(R)]
    assert all(exists.all() for _, exists in draws)
    return [*torch.stack([number for number, _ in draws], dim=-1).numpy()]


@pytest.mark.parametrize("backend", ["eager", "sdpa", "tiles"])
def test_equals_transformers(agree: Callable[..., None], monkeypatch: pytest.MonkeyPatch, backend: Any) -> None:
    torch.manual_seed(0)
    config = BigBirdConfig(
        hidden_size=D, num_attention_heads=H, block_size=BLOCK, num_random_blocks=R, use_bias=False,
        max_position_embeddings=4096,
    )  # fmt: skip
    untyped: Any = BigBirdBlockSparseAttention
    peer = untyped(config).eval()
    monkeypatch.setattr(peer, "_bigbird_block_rand_mask_with_head", lambda **sizes: _drawn(seed=3))
    recipe = BigBirdAttention(
        num_heads=H, block=BLOCK, num_beside=1, num_global=1, num_random=R, pattern_seed=3, backend=backend
    )
    layer = recipe.build(D)
    maps = layer.projections
    assert isinstance(maps, SeparateProjections)
    with torch.no_grad():
        maps.input_proj.weight.copy_(torch.cat([one.weight for one in (peer.query, peer.key, peer.value)]))
        maps.output_proj.weight.copy_(torch.eye(D))
    making: Any = BigBirdModel.create_masks_for_block_sparse_attn
    blocked, band, rows, columns = making(torch.ones(2, BLOCK * BLOCKS), BLOCK)

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x, band, rows, columns, blocked, blocked)[0]
        return out

    agree(layer, theirs, torch.randn(2, BLOCK * BLOCKS, D))
