"""Forms of the sum of two ends, against the same over all pairs."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.backends import forms
from attnframe.attention.backends.forms import edge_forms
from attnframe.masks.neighbours import Neighbours

T, S, E = 6, 5, 3
READER, READ = (torch.rand(T, S, generator=torch.Generator().manual_seed(0)) < 0.4).nonzero(as_tuple=True)
EDGES = Neighbours.sort(READER, READ, T, S)


@pytest.mark.parametrize("chunk", [1, 200, 2**20])
@pytest.mark.parametrize(("batch", "heads", "kv_heads"), [(1, 2, 2), (2, 4, 2), (2, 3, 1)])
def test_equals_the_form_of_all_pairs(
    monkeypatch: pytest.MonkeyPatch, batch: int, heads: int, kv_heads: int, chunk: int
) -> None:
    monkeypatch.setattr(forms, "CHUNK_BYTES", chunk)
    generator = torch.Generator().manual_seed(1)
    shapes = ((batch, heads, T, E), (batch, kv_heads, S, E), (heads, E))
    query, key, vector = (
        torch.randn(*shape, generator=generator, dtype=torch.float64).requires_grad_() for shape in shapes
    )
    shared = key.repeat_interleave(heads // kv_heads, dim=1)
    hidden = torch.tanh(query.unsqueeze(3) + shared.unsqueeze(2))
    expected = torch.einsum("bhtse,he->bhts", hidden, vector)[..., EDGES.reader, EDGES.read]
    torch.testing.assert_close(edge_forms(query, key, vector, torch.tanh, EDGES), expected)
    assert torch.autograd.gradcheck(lambda *given: edge_forms(*given, torch.tanh, EDGES), (query, key, vector))


def test_no_edges() -> None:
    none = torch.zeros(0, dtype=torch.long)
    query = torch.randn(1, 2, T, E, requires_grad=True)
    vector = torch.randn(2, E, requires_grad=True)
    out = edge_forms(query, torch.randn(1, 2, S, E), vector, torch.tanh, Neighbours.sort(none, none, T, S))
    assert out.shape == (1, 2, 0)
    out.sum().backward()
    assert not query.grad.any()
    assert not vector.grad.any()
