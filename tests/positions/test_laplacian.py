from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from attnframe.errors import ConfigurationError
from attnframe.positions import Laplacian, laplacian_eigenvectors


def ring(nodes: int) -> Tensor:
    return torch.stack((torch.arange(nodes), (torch.arange(nodes) + 1) % nodes))


def normalised_laplacian(edge_index: Tensor, nodes: int) -> Tensor:
    adjacency = torch.zeros(nodes, nodes, dtype=torch.double)
    adjacency[edge_index[0], edge_index[1]] = adjacency[edge_index[1], edge_index[0]] = 1
    degree = adjacency.sum(1).clamp(min=1).rsqrt()
    return torch.eye(nodes, dtype=torch.double) - degree[:, None] * adjacency * degree


def test_a_path_of_three_by_hand() -> None:
    """Eigenvalues 0, 1 and 2."""
    found = laplacian_eigenvectors(torch.tensor([[0, 1], [1, 2]]), 3, 2).abs()
    torch.testing.assert_close(found, torch.tensor([[math.sqrt(0.5), 0.5], [0, math.sqrt(0.5)], [math.sqrt(0.5), 0.5]]))


@pytest.mark.parametrize(("nodes", "parts"), [(40, 1), (700, 1), (700, 14)])
def test_they_are_eigenvectors_of_smallest_eigenvalue(nodes: int, parts: int) -> None:
    """Both ways of solving; a graph of many parts has the eigenvalue 0 that often."""
    size = nodes // parts
    edges = torch.cat([ring(size) + size * part for part in range(parts)], dim=1)
    found = laplacian_eigenvectors(edges, nodes, 5).double()
    matrix = normalised_laplacian(edges, nodes)
    values = (found * (matrix @ found)).sum(0)
    torch.testing.assert_close(values, torch.linalg.eigvalsh(matrix)[1:6], rtol=0, atol=1e-6)
    torch.testing.assert_close(matrix @ found, found * values, rtol=0, atol=1e-6)
    torch.testing.assert_close(found.T @ found, torch.eye(5, dtype=torch.double), rtol=0, atol=1e-5)
    assert bool((found.amax(0) > -found.amin(0) - 1e-6).all())  # the largest entry is positive


def test_directions_loops_and_repetitions_do_not_count() -> None:
    edges = torch.tensor([[0, 1, 2, 3], [1, 2, 3, 4]])
    more = torch.cat((edges, edges.flip(0), torch.tensor([[2, 0], [2, 1]])), dim=1)
    torch.testing.assert_close(laplacian_eigenvectors(more, 5, 3), laplacian_eigenvectors(edges, 5, 3))


@pytest.mark.parametrize("nodes", [0, 1, 3])
def test_small_graphs_get_columns_of_zeros(nodes: int) -> None:
    found = laplacian_eigenvectors(torch.zeros(2, 0, dtype=torch.long), nodes, 5)
    assert found.shape == (nodes, 5)
    assert not found[:, max(0, nodes - 1) :].any()


def test_is_mapped_and_added_with_signs_drawn_in_training_only() -> None:
    torch.manual_seed(0)
    module, x = Laplacian(6, count=4), torch.randn(2, 9, 6)
    positions = module.coordinates(ring(9), 9)
    assert positions.shape == (1, 9, 4)
    module.eval()
    plain = module.add(x, positions)
    torch.testing.assert_close(plain - x, (positions @ module.proj.weight.T).expand(2, -1, -1))
    module.train()
    drawn = [module.add(x, positions) for _ in range(8)]
    assert any(not torch.allclose(one, plain) for one in drawn)
    for one in drawn:  # each of the 16 choices of signs is a column of the weight negated
        signs = torch.linalg.lstsq(positions[0] @ torch.diag(torch.ones(4)), (one - x)[0]).solution.T
        torch.testing.assert_close(signs.abs(), module.proj.weight.abs(), rtol=0, atol=1e-4)
    fixed = Laplacian(6, count=4, flip_signs=False)
    assert torch.equal(fixed.add(x, positions), fixed.add(x, positions))


def test_refuses_other_coordinates() -> None:
    with pytest.raises(ConfigurationError, match=r"count \(Laplacian\) must be at least 1\. Got 0\."):
        Laplacian(4, 0)
    with pytest.raises(
        ConfigurationError, match=r"positions \(Laplacian\) must have coordinates, shape \(B or 1, T, 8\)"
    ):
        Laplacian(4).add(torch.zeros(1, 3, 4), torch.zeros(1, 3, 5))
    with pytest.raises(ConfigurationError, match=r"edge_index must name nodes 0 to 2"):
        Laplacian(4).coordinates(torch.tensor([[0], [3]]), 3)
