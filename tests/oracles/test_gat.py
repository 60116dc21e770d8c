"""Graph attention against torch-geometric's GATConv."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from attnframe import Attention
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.projections import TiedProjections
from attnframe.attention.scores import GraphAttentionScore
from attnframe.masks import Dense, Edges
from attnframe.recipes.attention.gat import GraphAttention

with warnings.catch_warnings():  # importing it compiles parts by the deprecated torch.jit
    warnings.simplefilter("ignore")
    from torch_geometric.nn import GATConv

D, H, E, T, S = 12, 3, 5, 40, 30


def random_edges(sources: int, targets: int, seed: int = 0) -> Tensor:
    """A graph (2, N) whose last target has no edge."""
    joined = torch.rand(sources, targets, generator=torch.Generator().manual_seed(seed)) < 0.1
    joined[:, -1] = False
    return joined.nonzero().T


def with_loops(edges: Tensor, nodes: int) -> Tensor:
    return torch.cat([edges[:, edges[0] != edges[1]], torch.arange(nodes).expand(2, -1)], dim=1)


def score_of(layer: Attention, peer: GATConv) -> list[tuple[Tensor, Tensor]]:
    """The peer's vectors copied into ours, and the pairs of both."""
    assert isinstance(layer.mixer, SoftmaxMixer)
    score = layer.mixer.score
    assert isinstance(score, GraphAttentionScore)
    pairs = [(score.query_vector, peer.att_dst), (score.key_vector, peer.att_src)]
    with torch.no_grad():
        for ours, theirs in pairs:
            ours.copy_(theirs[0])
    return pairs


@pytest.mark.parametrize("heads", [1, H])
@pytest.mark.parametrize("loops", [False, True])
def test_equals_torch_geometric(agree: Callable[..., None], heads: int, loops: bool) -> None:
    torch.manual_seed(0)
    peer = GATConv(D, E, heads=heads, add_self_loops=loops, negative_slope=0.3)
    torch.nn.init.normal_(peer.bias)
    maps = TiedProjections(D, heads, E, output_bias=True)
    layer = Attention(D, heads, projections=maps, mixer=SoftmaxMixer(GraphAttentionScore(heads, E, 0.3)))
    assert maps.output_bias is not None
    with torch.no_grad():
        maps.input_proj.weight.copy_(peer.lin.weight)
        maps.output_bias.copy_(peer.bias)
    pairs = [*score_of(layer, peer), (maps.input_proj.weight, peer.lin.weight), (maps.output_bias, peer.bias)]
    edges = random_edges(T, T)
    mask = Edges(with_loops(edges, T) if loops else edges, T)
    agree(lambda x: layer(x, mask=mask), lambda x: peer(x[0], edges)[None], torch.randn(1, T, D), pairs=pairs)


def test_equals_torch_geometric_from_one_set_of_nodes_to_another(agree: Callable[..., None]) -> None:
    torch.manual_seed(0)
    peer = GATConv((D + 2, D), E, heads=H, add_self_loops=False, bias=False)
    maps = TiedProjections(D, H, E, context_dim=D + 2)
    mixer = SoftmaxMixer(GraphAttentionScore(H, E))
    layer = Attention(D, H, context_dim=D + 2, projections=maps, mixer=mixer)
    assert maps.query_proj is not None
    with torch.no_grad():
        maps.input_proj.weight.copy_(peer.lin_src.weight)
        maps.query_proj.weight.copy_(peer.lin_dst.weight)
    pairs = [
        *score_of(layer, peer),
        (maps.input_proj.weight, peer.lin_src.weight),
        (maps.query_proj.weight, peer.lin_dst.weight),
    ]
    edges, context = random_edges(S, T), torch.randn(1, S, D + 2)
    mask = Edges(edges, T, S)
    ours, theirs = (
        lambda x: layer(x, context, mask=mask),
        lambda x: peer((context[0], x[0]), edges, size=(S, T))[None],
    )
    agree(ours, theirs, torch.randn(1, T, D), pairs=pairs)


@pytest.mark.parametrize("dense", [False, True])
def test_the_variant_equals_torch_geometric_on_edges_and_under_their_matrix(
    agree: Callable[..., None], dense: bool
) -> None:
    torch.manual_seed(0)
    width = H * 4
    peer = GATConv(width, 4, heads=H, add_self_loops=False, bias=False)
    layer = GraphAttention(num_heads=H).build(width)
    assert isinstance(layer.projections, TiedProjections)
    with torch.no_grad():
        layer.projections.input_proj.weight.copy_(peer.lin.weight)
    pairs = score_of(layer, peer)
    edges = random_edges(T, T)
    matrix = torch.zeros(T, T, dtype=torch.bool)
    matrix[edges[1], edges[0]] = True
    mask = Dense(matrix) if dense else Edges(edges, T)
    agree(lambda x: layer(x, mask=mask), lambda x: peer(x[0], edges)[None], torch.randn(1, T, width), pairs=pairs)
