"""States one after another, and their gradients by hand."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from attnframe.attention.recurrence.scan import delta_scan, sum_scan

N, B, H, C, E, V = 4, 2, 3, 2, 3, 2


def _normal(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape)), dtype=torch.float64)


KEPT = {
    "all": None,
    "for each head": (N, B, H, 1, 1),
    "for each row": (N, B, H, E, 1),
    "for all sequences": (N, 1, H, 1, 1),
}


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("shape", KEPT.values(), ids=KEPT)
def test_sums_are_what_the_formula_says_with_gradient(shape: tuple[int, ...] | None, first: bool) -> None:
    added, begun = _normal(N, B, H, E, V).requires_grad_(), _normal(B, H, E, V).requires_grad_() if first else None
    kept = None if shape is None else torch.rand(shape, dtype=torch.float64).requires_grad_()
    states = sum_scan(added, kept, begun)
    assert states.shape == (N + 1, B, H, E, V)
    state = torch.zeros(B, H, E, V, dtype=torch.float64) if begun is None else begun
    for n in range(N):
        torch.testing.assert_close(states[n], state)
        state = (state if kept is None else kept[n] * state) + added[n]
    torch.testing.assert_close(states[N], state)
    with torch.no_grad():
        torch.testing.assert_close(sum_scan(added, kept, begun), states)
    inputs = [x for x in (added, kept, begun) if x is not None]
    names = [name for name, x in (("added", added), ("kept", kept), ("first", begun)) if x is not None]

    def of(*given: Tensor) -> Tensor:
        by_name = dict(zip(names, given, strict=True))
        return sum_scan(by_name["added"], by_name.get("kept"), by_name.get("first"))

    assert torch.autograd.gradcheck(of, inputs)


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("shape", [None, (N, B, H, 1, 1), (N, B, 1, 1, 1), (N, 1, H, 1, 1)])
def test_replacements_are_what_the_formula_says_with_gradient(shape: tuple[int, ...] | None, first: bool) -> None:
    keys, readers, targets = _normal(N, B, H, C, E), _normal(N, B, H, C, E + 0), _normal(N, B, H, C, V)
    kept = None if shape is None else torch.rand(shape, dtype=torch.float64).requires_grad_()
    begun = _normal(B, H, E, V).requires_grad_() if first else None
    inputs = {"keys": keys, "targets": targets, "readers": readers.flip(0), "kept": kept, "first": begun}
    given = {name: x.requires_grad_() for name, x in inputs.items() if x is not None}

    def of(*values: Tensor) -> tuple[Tensor, Tensor]:
        by_name = dict(zip(given, values, strict=True))
        return delta_scan(
            by_name["keys"], by_name["targets"], by_name["readers"], by_name.get("kept"), by_name.get("first")
        )

    news, states = of(*given.values())
    state = torch.zeros(B, H, E, V, dtype=torch.float64) if begun is None else begun
    for n in range(N):
        torch.testing.assert_close(states[n], state)
        new = given["targets"][n] - given["readers"][n] @ state
        torch.testing.assert_close(news[n], new)
        state = (state if kept is None else kept[n] * state) + given["keys"][n].mT @ new
    torch.testing.assert_close(states[N], state)
    with torch.no_grad():
        torch.testing.assert_close(of(*given.values()), (news, states))
    assert torch.autograd.gradcheck(of, tuple(given.values()))
