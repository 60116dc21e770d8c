from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError
from attnframe.positions.graph import check_edges, sparse_matrix


def test_edges_must_fit() -> None:
    check_edges(torch.tensor([[0, 1], [1, 2]]), 3)
    check_edges(torch.zeros(2, 0, dtype=torch.long), 0)
    with pytest.raises(ConfigurationError, match=r"edge_index must name nodes 0 to 2\. Got 0 to 3\."):
        check_edges(torch.tensor([[0, 1], [1, 3]]), 3)
    for wrong in (torch.zeros(3, 2, dtype=torch.long), torch.zeros(2, 2), torch.zeros(2, dtype=torch.long)):
        with pytest.raises(ConfigurationError, match=r"edge_index must have shape \(2, edges\) and hold integers"):
            check_edges(wrong, 3)


def test_entries_at_the_same_place_are_added() -> None:
    found = sparse_matrix(torch.tensor([0, 1, 1]), torch.tensor([1, 0, 0]), torch.tensor([1.0, 2.0, 3.0]), 2)
    assert found.to_dense().tolist() == [[0, 1], [5, 0]]
