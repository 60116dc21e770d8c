"""Attention among neighbours against torch-geometric's TransformerConv, and against torch's fused attention under the
adjacency matrix.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from attnframe.attention.mixers import SkipMixer
from attnframe.attention.projections import SeparateProjections
from attnframe.masks import Edges
from attnframe.recipes.attention.graph_transformer import GraphTransformerAttention

with warnings.catch_warnings():  # importing it compiles parts by the deprecated torch.jit
    warnings.simplefilter("ignore")
    from torch_geometric.nn import TransformerConv

H, E, T = 3, 4, 40
D = H * E


def random_graph() -> tuple[Tensor, Tensor]:
    """Adjacency [target, source], whose last target has no edge, and the edges."""
    joined = torch.rand(T, T, generator=torch.Generator().manual_seed(1)) < 0.1
    joined[-1] = False
    return joined, joined.nonzero().T.flip(0)


@pytest.mark.parametrize("skip", [False, True])
def test_equals_torch_geometric(agree: Callable[..., None], skip: bool) -> None:
    torch.manual_seed(0)
    peer = TransformerConv(D, E, heads=H, beta=skip, root_weight=skip, bias=False)
    layer = GraphTransformerAttention(num_heads=H, skip=skip).build(D)
    maps, mixer = layer.projections, layer.mixer
    assert isinstance(maps, SeparateProjections)
    with torch.no_grad():
        maps.input_proj.weight.copy_(
            torch.cat([linear.weight for linear in (peer.lin_query, peer.lin_key, peer.lin_value)])
        )
    maps.output_proj = nn.Identity()
    pairs: list[tuple[nn.Parameter, Tensor]] = []
    if skip:
        assert isinstance(mixer, SkipMixer)
        assert layer.signal_proj is not None
        with torch.no_grad():
            layer.signal_proj.weight.copy_(peer.lin_skip.weight)
            mixer.gate.copy_(peer.lin_beta.weight[0])
        pairs = [(layer.signal_proj.weight, peer.lin_skip.weight), (mixer.gate, peer.lin_beta.weight)]
    _, edges = random_graph()
    mask = Edges(edges, T)
    agree(lambda x: layer(x, mask=mask), lambda x: peer(x[0], edges)[None], torch.randn(1, T, D), pairs=pairs)


def test_equals_fused_attention_under_the_adjacency_matrix(agree: Callable[..., None]) -> None:
    torch.manual_seed(0)
    layer = GraphTransformerAttention(num_heads=H).build(D)
    maps = layer.projections
    assert isinstance(maps, SeparateProjections)
    joined, edges = random_graph()
    mask = Edges(edges, T)

    def fused(x: Tensor) -> Tensor:
        query, key, value = maps.input_proj(x).view(len(x), T, 3, H, E).permute(2, 0, 3, 1, 4)
        seen = joined.any(dim=-1, keepdim=True)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=joined | ~seen) * seen
        out: Tensor = maps.output_proj(mixed.transpose(1, 2).flatten(2))
        return out

    pairs = [(maps.input_proj.weight, maps.input_proj.weight)]
    agree(lambda x: layer(x, mask=mask), fused, torch.randn(2, T, D), pairs=pairs)
