"""A whole post-norm layer, with padding, against BERT's in transformers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertConfig
from transformers.models.bert.modeling_bert import BertLayer

from attnframe import Attention
from attnframe.blocks.feed_forward import FeedForward
from attnframe.masks import Padding

D, H, T = 32, 4, 9
VALID = torch.arange(T) < torch.tensor([[T], [5]])


def test_equals_bert(agree: Callable[..., None]) -> None:
    config = BertConfig(hidden_size=D, num_attention_heads=H, intermediate_size=4 * D, hidden_act="gelu")
    config._attn_implementation = "eager"
    torch.manual_seed(0)
    peer = BertLayer(config).eval()
    layer, feed_forward = Attention(D, H, bias=True), FeedForward(D, 4 * D)
    norms = [nn.LayerNorm(D, eps=config.layer_norm_eps) for _ in range(2)]
    maps: Any = layer.projections
    own = peer.attention.self
    with torch.no_grad():
        maps.input_proj.weight.copy_(torch.cat([own.query.weight, own.key.weight, own.value.weight]))
        maps.input_proj.bias.copy_(torch.cat([own.query.bias, own.key.bias, own.value.bias]))
    maps.output_proj.load_state_dict(peer.attention.output.dense.state_dict())
    feed_forward.hidden.load_state_dict(peer.intermediate.dense.state_dict())
    feed_forward.output.load_state_dict(peer.output.dense.state_dict())
    hidden = torch.zeros(2, 1, 1, T).masked_fill(~VALID[:, None, None], float("-inf"))
    seen = VALID.unsqueeze(-1)

    def ours(x: Tensor) -> Tensor:
        x = norms[0](x + layer(x, mask=Padding(VALID)))
        out: Tensor = norms[1](x + feed_forward(x))
        return out * seen

    def theirs(x: Tensor) -> Tensor:
        out = peer(x, hidden)
        found: Tensor = out[0] if isinstance(out, tuple) else out
        return found * seen

    pairs = [
        (maps.output_proj.weight, peer.attention.output.dense.weight),
        (norms[0].weight, peer.attention.output.LayerNorm.weight),
        (feed_forward.hidden.weight, peer.intermediate.dense.weight),
    ]
    agree(ours, theirs, torch.randn(2, T, D), pairs=pairs)
