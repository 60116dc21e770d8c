"""Eigenvectors of a graph's Laplacian as positions."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.errors import ConfigurationError, Fault
from attnframe.positions.base import InputPosition
from attnframe.positions.graph import GraphPosition, check_edges, sparse_matrix
from attnframe.positions.shapes import require_coordinates

DENSE_NODES = 512
"""Graphs up to this size are solved densely; larger ones by iteration."""
GUARDS = 8
"""Eigenvectors iterated besides those wanted, since the last ones converge slowly."""
DEGREE, ROUNDS = 80, 200
"""Degree of the polynomial of one round of the iteration, and rounds at most."""
LEAST_CUT = 1e-4
"""Where the damped eigenvalues begin at least: with 0, which a graph of many parts has, nothing would be damped."""
RELATIVE_ERROR = 1e-8
"""Residual that ends the iteration, over where the damped eigenvalues begin."""


class Laplacian(InputPosition, GraphPosition):
    """Laplacian eigenvectors (Dwivedi and Bresson 2021, https://arxiv.org/abs/2012.09699): the first eigenvectors of a
    graph's Laplacian, mapped linearly and added to the input; sines and cosines for graphs.

    x_i + W p_i,  p_i the entries of node i in the `count` eigenvectors of smallest eigenvalue besides the first

    An eigenvector has no sign of its own. So in training the sign of each is drawn anew at every call, one for each row
    of the batch.

    Args:
        dim: model width D.
        count: eigenvectors C, at least 1.
        flip_signs: whether signs are drawn in training.

    Shapes:
        `add`: x (B, N, D), positions (B or 1, N, C) real -> (B, N, D).

    Raises:
        ConfigurationError: when `count` is below 1; from `add`, for positions of other coordinates.
    """

    def __init__(self, dim: int, count: int = 8, flip_signs: bool = True) -> None:
        super().__init__()
        if count < 1:
            raise ConfigurationError(Fault("count (Laplacian)", "must be at least 1", str(count)))
        self.count, self.flip_signs = count, flip_signs
        self.proj = nn.Linear(count, dim, bias=False)

    def add(self, x: Tensor, positions: Tensor) -> Tensor:
        works = "Use Laplacian.coordinates(edge_index, num_nodes)."
        require_coordinates(positions, self.count, "Laplacian", works)
        real = positions.to(self.proj.weight.dtype)
        if self.training and self.flip_signs:
            shape = (positions.shape[0], 1, self.count)
            real = real * (torch.randint(0, 2, shape, device=real.device, dtype=real.dtype) * 2 - 1)
        encoding: Tensor = self.proj(real)
        return x + encoding.to(x.dtype)

    def coordinates(self, edge_index: Tensor, num_nodes: int) -> Tensor:
        return laplacian_eigenvectors(edge_index, num_nodes, self.count).unsqueeze(0)


def laplacian_eigenvectors(edge_index: Tensor, num_nodes: int, count: int) -> Tensor:
    """Eigenvectors of the symmetric normalised Laplacian of a graph, by rising eigenvalue.

    L = I - G^(-1/2) A G^(-1/2), A the adjacency matrix, G the degrees

    Directions, loops and repetitions of edges do not count. The first eigenvector, whose eigenvalue is 0, is left out;
    a graph of several components has more of that eigenvalue, which are kept. Each has length 1 and the sign that makes
    its largest entry positive. Where eigenvalues coincide, eigenvectors are one basis of many.

    Args:
        edge_index: (2, edges) int64. num_nodes: nodes N.
        count: eigenvectors C; a graph with fewer gets columns of 0 for the rest.

    Returns:
        (N, C) float32.

    Raises:
        ConfigurationError: when `edge_index` does not fit.
    """
    check_edges(edge_index, num_nodes)
    edges = torch.cat([edge_index, edge_index.flip(0)], dim=1)
    edges = torch.unique(edges[:, edges[0] != edges[1]], dim=1)
    degree = torch.bincount(edges[0], minlength=num_nodes).double()
    weight = (degree[edges[0]] * degree[edges[1]]).rsqrt()
    adjacency = sparse_matrix(edges[0], edges[1], weight, num_nodes)
    wanted = min(count, max(0, num_nodes - 1))
    if num_nodes <= max(DENSE_NODES, 4 * (count + GUARDS)):
        vectors: Tensor = torch.linalg.eigh(
            torch.eye(num_nodes, device=edges.device) - adjacency.to_dense()
        ).eigenvectors
    else:
        vectors = _smallest(adjacency, wanted + 1)
    found = vectors[:, 1 : wanted + 1]
    largest = found.gather(0, found.abs().argmax(dim=0, keepdim=True)) if wanted else found
    padded = found.new_zeros(num_nodes, count)
    padded[:, :wanted] = found * torch.where(largest < 0, -1.0, 1.0)
    return padded.float()


def _smallest(adjacency: Tensor, count: int) -> Tensor:
    """Eigenvectors (N, count) of smallest eigenvalue of I - adjacency, by subspace iteration with Chebyshev filters
    (Zhou et al. 2006, https://doi.org/10.1016/j.jcp.2006.03.017): it finds coinciding eigenvalues too.
    """
    shape = (adjacency.shape[0], count + GUARDS)
    block = torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=adjacency.dtype).to(adjacency.device)
    for _ in range(ROUNDS):
        block = torch.linalg.qr(block).Q
        product = block - torch.sparse.mm(adjacency, block)
        values, turns = torch.linalg.eigh(block.t() @ product)
        block, product = block @ turns, product @ turns
        wrong = (product - block * values)[:, :count].norm(dim=0).max()
        cut = max(LEAST_CUT, float(values[-1]))
        if wrong <= RELATIVE_ERROR * cut:
            break
        block = _filtered(adjacency, block, cut)
    smallest: Tensor = block[:, :count]
    return smallest


def _filtered(adjacency: Tensor, block: Tensor, cut: float) -> Tensor:
    """The block times a polynomial of I - adjacency that is small from eigenvalue `cut` to 2 and steep below."""
    middle, half = (2 + cut) / 2, (2 - cut) / 2

    def shifted(x: Tensor) -> Tensor:
        moved: Tensor = (x * (1 - middle) - torch.sparse.mm(adjacency, x)) / half
        return moved

    before, now = block, shifted(block)
    for _ in range(DEGREE):
        before, now = now, 2 * shifted(now) - before
    return now
