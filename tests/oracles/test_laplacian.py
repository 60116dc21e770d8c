"""Laplacian eigenvectors against torch-geometric's transform."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from attnframe.positions import Laplacian, laplacian_eigenvectors

with warnings.catch_warnings():  # importing it compiles parts by the deprecated torch.jit
    warnings.simplefilter("ignore", DeprecationWarning)
    from torch_geometric.data import Data
    from torch_geometric.transforms import AddLaplacianEigenvectorPE
    from torch_geometric.utils import erdos_renyi_graph

COUNT = 6


def graph(nodes: int) -> Tensor:
    """A random connected undirected graph."""
    torch.manual_seed(nodes)
    line = torch.stack((torch.arange(nodes - 1), torch.arange(1, nodes)))
    edges = torch.cat((line, line.flip(0), erdos_renyi_graph(nodes, 4 / nodes)), dim=1)
    return edges.unique(dim=1)


def theirs(edge_index: Tensor, nodes: int) -> Tensor:
    transform = AddLaplacianEigenvectorPE(COUNT, "encoding", is_undirected=True)
    weight = torch.ones(edge_index.shape[1], dtype=torch.double)  # or it would solve in float32
    found: Tensor = transform(Data(edge_index=edge_index, edge_weight=weight, num_nodes=nodes)).encoding
    return found.float()


@pytest.mark.parametrize("nodes", [17, 90, 700])
def test_equals_torch_geometric_up_to_sign(nodes: int) -> None:
    """Small graphs and one beyond the dense way, on both sides; the eigenvalues of random graphs are simple."""
    edge_index = graph(nodes)
    ours, wanted = laplacian_eigenvectors(edge_index, nodes, COUNT), theirs(edge_index, nodes)
    signs = (ours * wanted).sum(dim=0).sign()
    torch.testing.assert_close(ours * signs, wanted, rtol=0, atol=1e-6)


def test_the_encoding_and_its_gradient(agree: Callable[..., None]) -> None:
    edge_index = graph(17)
    module = Laplacian(8, COUNT).eval()
    peer = torch.nn.Linear(COUNT, 8, bias=False)
    peer.load_state_dict(module.proj.state_dict())
    positions, wanted = module.coordinates(edge_index, 17), theirs(edge_index, 17)
    signs = (positions[0] * wanted).sum(dim=0).sign()
    agree(
        lambda x: module.add(x, positions * signs),
        lambda x: x + peer(wanted),
        torch.randn(1, 17, 8),
        pairs=[(module.proj.weight, peer.weight)],
    )
