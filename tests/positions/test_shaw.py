from __future__ import annotations

import pytest
import torch

from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.positions import Shaw


def test_by_hand() -> None:
    shaw = Shaw(2, max_distance=1)
    shaw.table.data = torch.tensor([[1.0, 0.0], [0.0, 1.0], [5.0, 5.0]])  # before, same, after
    query = torch.tensor([[[[2.0, 3.0], [10.0, 20.0]]]])
    scores = shaw.scores(query, torch.tensor([[0, 4]]), torch.tensor([[0, 3, 9]]))
    assert scores.tolist() == [[[[3, 25, 25], [10, 10, 150]]]]


def test_causal_tables_have_no_later_side() -> None:
    shaw, at = Shaw(4, 3, causal=True), torch.arange(9)[None]
    assert shaw.table.shape == (4, 4)
    scores = shaw.scores(torch.randn(1, 2, 9, 4), at, at)
    assert torch.equal(scores[0, 0, 0, 1:], scores[0, 0, 0, :1].expand(8))


def test_positions_of_each_batch_row_and_one_for_all() -> None:
    torch.manual_seed(0)
    shaw, query, keys = Shaw(4, 3), torch.randn(2, 3, 2, 4), torch.tensor([[0, 1, 2], [9, 8, 7]])
    at = torch.tensor([[0, 1], [5, 9]])
    found = shaw.scores(query, at, keys)
    for row in range(2):
        one = shaw.scores(query[row : row + 1], at[row : row + 1], keys[row : row + 1])
        torch.testing.assert_close(found[row : row + 1], one)
    torch.testing.assert_close(shaw.scores(query, at[:1], keys[:1])[0], found[0])


def test_gradients_are_right() -> None:
    torch.manual_seed(0)
    shaw, at = Shaw(3, 2).double(), torch.arange(4)[None]
    query = torch.randn(2, 1, 4, 3, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(lambda q, _: shaw.scores(q, at, at), (query, shaw.table))


def test_works_in_half_precision_without_values_and_when_compiled() -> None:
    shaw, at = Shaw(4, 2), torch.arange(5)[None]
    assert shaw.scores(torch.zeros(1, 2, 5, 4, dtype=torch.bfloat16), at, at).dtype == torch.bfloat16
    query = torch.randn(1, 2, 5, 4)
    compiled = torch.compile(shaw.scores, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(query, at, at), shaw.scores(query, at, at))
    meta = shaw.to("meta").scores(query.to("meta"), at.to("meta"), at.to("meta"))
    assert meta.shape == (1, 2, 5, 5)


def test_refuses_other_queries_and_positions() -> None:
    at = torch.arange(2)[None]
    with pytest.raises(UnsupportedError, match=r"head_dim \(Shaw\) must be the width .+, 3\. Got 4\. Use a bias"):
        Shaw(4).scores(torch.zeros(1, 1, 2, 3), at, at)
    with pytest.raises(ConfigurationError, match=r"positions \(Shaw\) must be integers"):
        Shaw(4).scores(torch.zeros(1, 1, 2, 4), at.float(), at)
    with pytest.raises(ConfigurationError, match=r"max_distance \(Shaw\) must be at least 1\. Got 0\."):
        Shaw(4, 0)
