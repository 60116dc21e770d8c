"""Any function of the two ends of an edge, against the same over all pairs."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from attnframe.attention.backends import pairs
from attnframe.attention.backends.pairs import over_pairs
from attnframe.attention.scores import Additive
from attnframe.masks.neighbours import Neighbours

B, H, T, S, E = 2, 4, 6, 5, 3
READER, READ = (torch.rand(T, S, generator=torch.Generator().manual_seed(0)) < 0.4).nonzero(as_tuple=True)
EDGES = Neighbours.sort(READER, READ, T, S)


def inputs(kv_heads: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    query, key = (
        torch.randn(*shape, generator=generator, dtype=torch.float64).requires_grad_()
        for shape in ((B, H, T, E), (B, kv_heads, S, E))
    )
    return query, key


@pytest.mark.parametrize("chunk", [1, 1000, 2**20])
@pytest.mark.parametrize("kv_heads", [4, 2])
def test_equals_the_score_of_all_pairs(monkeypatch: pytest.MonkeyPatch, kv_heads: int, chunk: int) -> None:
    monkeypatch.setattr(pairs, "CHUNK_BYTES", chunk)
    score = Additive(H, E).double()
    query, key = inputs(kv_heads)
    parameters = [*score.parameters()]
    out = over_pairs(lambda query, key, span: score(query, key), query, key, EDGES, parameters)
    expected = score(query, key)[..., EDGES.reader, EDGES.read]
    torch.testing.assert_close(out, expected)
    direction = torch.randn(out.shape, dtype=torch.float64)
    found, wanted = (torch.autograd.grad((one * direction).sum(), (query, key, *parameters)) for one in (out, expected))
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other)


def test_edges_come_in_order_with_their_batch_rows_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "CHUNK_BYTES", 1000)
    spans = []

    def number(query: Tensor, key: Tensor, span: slice) -> Tensor:
        spans.append(span)
        return query[..., :1]

    query, key = inputs(H)
    out = over_pairs(number, query, key, EDGES, [])
    assert torch.equal(out, query[..., 0][:, :, EDGES.reader])
    assert len(spans) > 1
    assert [*range(len(EDGES))] == [edge for span in spans for edge in range(len(EDGES))[span]]


def test_what_is_not_read_has_no_gradient() -> None:
    query, key = inputs(H)
    unused = nn.Parameter(torch.ones(2))
    over_pairs(lambda query, key, span: query[..., :1], query, key, EDGES, [unused]).sum().backward()
    assert not key.grad.any()
    assert not unused.grad.any()


def test_no_edges() -> None:
    none = torch.zeros(0, dtype=torch.long)
    query, key = inputs(H)
    out = over_pairs(lambda query, key, span: query[..., :1], query, key, Neighbours.sort(none, none, T, S), [])
    assert out.shape == (B, H, 0)
    out.sum().backward()
    assert not query.grad.any()
