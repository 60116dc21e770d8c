"""Return probabilities of random walks against torch-geometric's transform."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from attnframe.positions import RandomWalk, return_probabilities

with warnings.catch_warnings():  # importing it compiles parts by the deprecated torch.jit
    warnings.simplefilter("ignore", DeprecationWarning)
    from torch_geometric.data import Data
    from torch_geometric.transforms import AddRandomWalkPE

STEPS = 7


def graph(nodes: int, directed: bool) -> Tensor:
    generator = torch.Generator().manual_seed(nodes)
    edges = torch.randint(0, nodes, (2, 2 * nodes), generator=generator)
    return (edges if directed else torch.cat((edges, edges.flip(0)), dim=1)).unique(dim=1)


def theirs(edge_index: Tensor, nodes: int) -> Tensor:
    found: Tensor = AddRandomWalkPE(STEPS, "encoding")(Data(edge_index=edge_index, num_nodes=nodes)).encoding
    return found


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("nodes", [5, 60])
def test_equals_torch_geometric(nodes: int, directed: bool) -> None:
    """With loops, leaves and nodes without edges among them."""
    edge_index = graph(nodes, directed)
    torch.testing.assert_close(
        return_probabilities(edge_index, nodes, STEPS), theirs(edge_index, nodes), rtol=1e-5, atol=1e-6
    )


def test_the_encoding_and_its_gradient(agree: Callable[..., None]) -> None:
    edge_index = graph(13, directed=False)
    module, peer = RandomWalk(8, STEPS), torch.nn.Linear(STEPS, 8, bias=False)
    peer.load_state_dict(module.proj.state_dict())
    positions, wanted = module.coordinates(edge_index, 13), theirs(edge_index, 13)
    agree(
        lambda x: module.add(x, positions),
        lambda x: x + peer(wanted),
        torch.randn(1, 13, 8),
        pairs=[(module.proj.weight, peer.weight)],
    )
