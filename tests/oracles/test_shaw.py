"""Relative position representations against the `relative_key` attention of Wav2Vec2-BERT in transformers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from transformers import Wav2Vec2BertConfig
from transformers.models.wav2vec2_bert.modeling_wav2vec2_bert import Wav2Vec2BertSelfAttention

from attnframe.attention.layer import Attention
from attnframe.positions import Shaw

D, H, T, REACH = 32, 4, 23, 5


def test_equals_wav2vec2_bert(agree: Callable[..., None]) -> None:
    torch.manual_seed(0)
    config = Wav2Vec2BertConfig(
        hidden_size=D,
        num_attention_heads=H,
        position_embeddings_type="relative_key",
        left_max_position_embeddings=REACH,
        right_max_position_embeddings=REACH,
        attention_dropout=0.0,
    )
    config._attn_implementation = "eager"
    peer, shaw = Wav2Vec2BertSelfAttention(config).eval(), Shaw(D // H, REACH)
    layer = Attention(D, H, position=shaw, bias=True).eval()
    maps: Any = layer.projections
    linears = (peer.linear_q, peer.linear_k, peer.linear_v)
    maps.input_proj.weight.data = torch.cat([one.weight.data for one in linears])
    maps.input_proj.bias.data = torch.cat([one.bias.data for one in linears])
    maps.output_proj.load_state_dict(peer.linear_out.state_dict())
    shaw.table.data = peer.distance_embedding.weight.data.clone()

    def theirs(x: Tensor) -> Tensor:
        out: Tensor = peer(x)[0]
        return out

    pairs = [(maps.output_proj.weight, peer.linear_out.weight), (shaw.table, peer.distance_embedding.weight)]
    agree(layer, theirs, torch.randn(2, T, D), pairs=pairs)


def test_equals_the_papers_formula() -> None:
    """e_ij = x_i Wq (x_j Wk + a_ij)^T / sqrt(E), with the vectors a_ij written out for each pair (T, S, E)."""
    shaw, query, key = Shaw(6, 3).double(), torch.randn(2, 3, 9, 6).double(), torch.randn(2, 3, 9, 6).double()
    torch.nn.init.normal_(shaw.table)
    offset = (torch.arange(9)[None] - torch.arange(9)[:, None]).clamp(-3, 3) + 3
    vectors = shaw.table[offset]  # (T, S, E)
    wanted = torch.einsum("bhte,bhtse->bhts", query, key.unsqueeze(2) + vectors) / 6**0.5
    at = torch.arange(9)[None]
    found = query @ key.transpose(-1, -2) / 6**0.5 + shaw.scores(query / 6**0.5, at, at)
    torch.testing.assert_close(found, wanted)
