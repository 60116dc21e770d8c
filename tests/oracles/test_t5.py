"""T5's relative position bias against transformers'."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import T5Config
from transformers.models.t5.modeling_t5 import T5Attention

from attnframe.attention.layer import Attention
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.scores import Dot
from attnframe.positions import T5Bias

D, H, T = 32, 4, 50


def peer(causal: bool, num_buckets: int = 8, max_distance: int = 20) -> T5Attention:
    torch.manual_seed(0)
    config = T5Config(
        d_model=D,
        num_heads=H,
        d_kv=D // H,
        dropout_rate=0.0,
        is_decoder=causal,
        relative_attention_num_buckets=num_buckets,
        relative_attention_max_distance=max_distance,
    )
    config._attn_implementation = "eager"
    made = T5Attention(config, has_relative_attention_bias=True, layer_idx=0).eval()
    torch.nn.init.normal_(made.relative_attention_bias.weight)
    return made


@pytest.mark.parametrize("causal", [False, True])
def test_equals_t5(causal: bool, agree: Callable[..., None]) -> None:
    """The whole layer, with scores that T5 does not divide by sqrt(E); the table's gradient too."""
    theirs, bias = peer(causal), T5Bias(H, 8, 20, causal=causal)
    layer = Attention(D, H, causal=causal, position=bias, mixer=SoftmaxMixer(Dot())).eval()
    maps: Any = layer.projections
    maps.input_proj.weight.data = torch.cat([one.weight.data for one in (theirs.q, theirs.k, theirs.v)])
    maps.output_proj.load_state_dict(theirs.o.state_dict())
    bias.table.data = theirs.relative_attention_bias.weight.data.clone()
    hidden = torch.full((T, T), float("-inf")).triu(1)[None, None] if causal else torch.zeros(1, 1, 1, T)

    def run(x: Tensor) -> Tensor:
        out: Tensor = theirs(x, mask=hidden)[0]
        return out

    pairs = [(maps.output_proj.weight, theirs.o.weight), (bias.table, theirs.relative_attention_bias.weight)]
    agree(layer, run, 0.3 * torch.randn(2, T, D), pairs=pairs)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(("num_buckets", "max_distance"), [(32, 128), (8, 20), (4, 3), (32, 1000), (64, 100)])
def test_buckets_are_those_of_t5_for_every_offset(causal: bool, num_buckets: int, max_distance: int) -> None:
    if causal and max_distance <= num_buckets // 2:
        max_distance = num_buckets
    offset = torch.arange(-3000, 3001)
    wanted = T5Attention._relative_position_bucket(offset, not causal, num_buckets, max_distance)
    assert torch.equal(T5Bias(H, num_buckets, max_distance, causal).buckets(offset), wanted)


@pytest.mark.parametrize("causal", [False, True])
def test_bias_beyond_the_longest_distance_and_of_a_later_step(causal: bool) -> None:
    """500 positions where buckets end at 20, and the last query alone, as in cached decoding."""
    theirs, bias = peer(causal), T5Bias(H, 8, 20, causal=causal)
    bias.table.data = theirs.relative_attention_bias.weight.data.clone()
    keys = torch.arange(500)[None]
    torch.testing.assert_close(bias.bias(keys, keys), theirs.compute_bias(500, 500))
    torch.testing.assert_close(bias.bias(keys[:, -1:], keys), theirs.compute_bias(1, 500, past_seen_tokens=499))
