"""GATv2 against torch-geometric's GATv2Conv."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
import torch

from attnframe import Attention
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.projections import TiedProjections
from attnframe.attention.scores import DynamicGraphAttentionScore
from attnframe.masks import Dense, Edges

with warnings.catch_warnings():  # importing it compiles parts by the deprecated torch.jit
    warnings.simplefilter("ignore")
    from torch_geometric.nn import GATv2Conv

D, H, E, T, S = 12, 3, 5, 40, 30


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("tied", [False, True])
def test_equals_torch_geometric(agree: Callable[..., None], tied: bool, dense: bool) -> None:
    torch.manual_seed(0)
    peer = GATv2Conv(D, E, heads=H, add_self_loops=False, share_weights=tied)
    for bias in (peer.bias, peer.lin_l.bias, peer.lin_r.bias):
        torch.nn.init.normal_(bias)
    score = DynamicGraphAttentionScore(H, E)
    maps = TiedProjections(D, H, E, own_query=not tied, bias=True, output_bias=True)
    layer = Attention(D, H, projections=maps, mixer=SoftmaxMixer(score))
    assert maps.output_bias is not None
    sources = (peer.lin_l,) if tied else (peer.lin_r, peer.lin_l)
    with torch.no_grad():
        maps.input_proj.weight.copy_(torch.cat([linear.weight for linear in sources]))
        maps.input_proj.bias.copy_(torch.cat([linear.bias for linear in sources]))
        maps.output_bias.copy_(peer.bias)
        score.vector.copy_(peer.att[0])
    pairs = [(score.vector, peer.att), (maps.output_bias, peer.bias)]
    if tied:
        pairs += [(maps.input_proj.weight, peer.lin_l.weight), (maps.input_proj.bias, peer.lin_l.bias)]
    joined = torch.rand(T, T) < 0.1
    joined[-1] = False
    edges = joined.nonzero().T.flip(0)
    mask = Dense(joined) if dense else Edges(edges, T)
    agree(lambda x: layer(x, mask=mask), lambda x: peer(x[0], edges)[None], torch.randn(1, T, D), pairs=pairs)


def test_equals_torch_geometric_from_one_set_of_nodes_to_another(agree: Callable[..., None]) -> None:
    torch.manual_seed(0)
    peer = GATv2Conv((D + 2, D), E, heads=H, add_self_loops=False, bias=False)
    score = DynamicGraphAttentionScore(H, E)
    maps = TiedProjections(D, H, E, context_dim=D + 2)
    layer = Attention(D, H, context_dim=D + 2, projections=maps, mixer=SoftmaxMixer(score))
    assert maps.query_proj is not None
    with torch.no_grad():
        maps.input_proj.weight.copy_(peer.lin_l.weight)
        maps.query_proj.weight.copy_(peer.lin_r.weight)
        score.vector.copy_(peer.att[0])
    pairs = [
        (score.vector, peer.att),
        (maps.input_proj.weight, peer.lin_l.weight),
        (maps.query_proj.weight, peer.lin_r.weight),
    ]
    joined, context = torch.rand(T, S) < 0.1, torch.randn(1, S, D + 2)
    edges = joined.nonzero().T.flip(0)
    mask = Edges(edges, T, S)
    ours, theirs = (lambda x: layer(x, context, mask=mask), lambda x: peer((context[0], x[0]), edges)[None])
    agree(ours, theirs, torch.randn(1, T, D), pairs=pairs)
