"""Laws of every normaliser."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.normalisers import (
    Entmax,
    Normaliser,
    Relu,
    Sigmoid,
    Sinks,
    Softmax,
    SoftmaxPlusOne,
    Sparsemax,
    Tempered,
    TopK,
)
from attnframe.attention.reference import NormaliserName, RowNormaliser, reference_weights


def largest(scores: torch.Tensor) -> torch.Tensor:
    """Softmax over the three largest."""
    kept = scores >= scores.sort(descending=True).values[:3][-1]
    return torch.softmax(scores.masked_fill(~kept, float("-inf")), dim=0)


NORMALISERS: dict[str, tuple[Normaliser, NormaliserName | RowNormaliser]] = {
    "softmax": (Softmax(), "softmax"),
    "softmax_plus_one": (SoftmaxPlusOne(), "softmax_plus_one"),
    "sinks": (Sinks(1).double(), "softmax_plus_one"),
    "sparsemax": (Sparsemax(), "sparsemax"),
    "entmax": (Entmax(), "entmax"),
    "entmax_2": (Entmax(alpha=2.0), "sparsemax"),
    "sigmoid": (Sigmoid(), "sigmoid"),
    "relu": (Relu(), "relu"),
    "top_k": (TopK(3), largest),
    "tempered": (Tempered(Softmax(), 0.5), lambda scores: torch.softmax(scores / 0.5, dim=0)),
}
EXACT = {name: pair[0] for name, pair in NORMALISERS.items()}
each = pytest.mark.parametrize("name", NORMALISERS)


def scores_of(*shape: int, dtype: torch.dtype = torch.double) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0), dtype=torch.double).mul(2).to(dtype)


def some(*shape: int) -> torch.Tensor:
    """A mask in which the first row sees nothing and the second one key."""
    allowed = torch.rand(*shape, generator=torch.Generator().manual_seed(1)) > 0.4
    allowed[..., 0, :] = False
    allowed[..., 1, :] = False
    allowed[..., 1, 2] = True
    return allowed


@each
def test_equals_the_reference(name: str) -> None:
    scores, allowed = scores_of(2, 3, 6, 7), some(2, 3, 6, 7)
    marker = torch.zeros(2, 3, 6, 1, dtype=torch.double), torch.zeros(2, 3, 7, 1, dtype=torch.double)
    expected = reference_weights(*marker, allowed, bias=scores, normaliser=NORMALISERS[name][1])
    torch.testing.assert_close(EXACT[name].dense(scores, allowed), expected)
    every = reference_weights(*marker, None, bias=scores, normaliser=NORMALISERS[name][1])
    torch.testing.assert_close(EXACT[name].dense(scores, None), every)


@each
@pytest.mark.parametrize("shape", [(2, 1, 6, 7), (1, 1, 1, 7), (2, 1, 6, 1), (1, 1, 1, 1)])
def test_a_mask_may_broadcast(name: str, shape: tuple[int, ...]) -> None:
    scores = scores_of(2, 3, 6, 7)
    allowed = torch.rand(shape, generator=torch.Generator().manual_seed(2)) > 0.4
    whole = allowed.expand(2, 3, 6, 7).contiguous()
    torch.testing.assert_close(EXACT[name].dense(scores, allowed), EXACT[name].dense(scores, whole))


@each
def test_rows_sum_to_one_where_declared(name: str) -> None:
    normaliser, allowed = EXACT[name], some(6, 7)
    sums = normaliser.dense(scores_of(6, 7), allowed).sum(dim=-1)
    assert torch.allclose(sums, allowed.any(dim=-1).double()) == normaliser.rows_sum_to_one


@each
def test_hidden_keys_have_no_weight_and_no_gradient_even_when_nan(name: str) -> None:
    allowed = some(6, 7)
    scores = scores_of(6, 7).masked_fill(~allowed, float("nan")).requires_grad_()
    weights = EXACT[name].dense(scores, allowed)
    (weights * torch.arange(7.0)).sum().backward()
    assert scores.grad is not None
    assert weights[~allowed].eq(0).all()
    assert scores.grad[~allowed].eq(0).all()
    assert scores.grad.isfinite().all()
    clean = EXACT[name].dense(scores_of(6, 7), allowed)
    torch.testing.assert_close(weights, clean)


@each
def test_a_query_that_sees_nothing_gets_zeros(name: str) -> None:
    scores = scores_of(2, 5).requires_grad_()
    weights = EXACT[name].dense(scores, torch.zeros(2, 1, dtype=torch.bool))
    weights.sum().backward()
    assert not weights.any()
    assert scores.grad is not None
    assert scores.grad.eq(0).all()


@each
def test_permuting_keys_permutes_weights(name: str) -> None:
    scores, allowed, order = scores_of(6, 7), some(6, 7), torch.tensor([3, 1, 0, 6, 5, 2, 4])
    permuted = EXACT[name].dense(scores[:, order], allowed[:, order])
    torch.testing.assert_close(permuted, EXACT[name].dense(scores, allowed)[:, order])


@each
def test_more_padding_changes_nothing(name: str) -> None:
    scores, allowed = scores_of(6, 7), some(6, 7)
    longer = torch.cat((scores, scores_of(6, 4) + 9), dim=-1)
    padded = torch.cat((allowed, torch.zeros(6, 4, dtype=torch.bool)), dim=-1)
    short = EXACT[name].dense(scores, allowed)
    torch.testing.assert_close(EXACT[name].dense(longer, padded)[:, :7], short)


@each
def test_gradients(name: str) -> None:
    scores, allowed = scores_of(5, 6).requires_grad_(), some(5, 6)
    assert torch.autograd.gradcheck(lambda s: EXACT[name].dense(s, allowed), scores)
    assert torch.autograd.gradcheck(lambda s: EXACT[name].dense(s, None), scores)
    assert torch.autograd.gradgradcheck(lambda s: EXACT[name].dense(s, allowed), scores)
    index = torch.tensor([0, 3, 3, 0, 3])
    assert torch.autograd.gradcheck(lambda s: EXACT[name].segments(s, index, 4), scores)


@each
@pytest.mark.parametrize("trailing", [(), (3,), (2, 3)])
def test_segments_equal_the_dense_form(name: str, trailing: tuple[int, ...]) -> None:
    dense_scores, allowed = scores_of(9, 8, *trailing), some(9, 8)
    row, column = allowed.nonzero(as_tuple=True)
    order = torch.randperm(len(row), generator=torch.Generator().manual_seed(3))
    row, column = row[order], column[order]
    expected = EXACT[name].dense(dense_scores.movedim(1, -1), allowed.view(9, *[1] * len(trailing), 8))
    found = EXACT[name].segments(dense_scores[row, column], row, 9)
    torch.testing.assert_close(found, expected.movedim(-1, 1)[row, column])


@each
def test_segments_without_edges(name: str) -> None:
    none = EXACT[name].segments(torch.zeros(0, 3), torch.zeros(0, dtype=torch.long), 4)
    assert none.shape == (0, 3)


@each
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_wide_and_keeps_its_type(name: str, dtype: torch.dtype) -> None:
    scores, allowed, index = scores_of(5, 6, dtype=dtype), some(5, 6), torch.tensor([0, 3, 3, 0, 3])
    weights = EXACT[name].dense(scores, allowed)
    assert weights.dtype == dtype
    assert torch.equal(weights, EXACT[name].dense(scores.float(), allowed).to(dtype))
    assert torch.equal(EXACT[name].segments(scores, index, 4), EXACT[name].segments(scores.float(), index, 4).to(dtype))


@each
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_large_scores_give_no_nan(name: str, dtype: torch.dtype) -> None:
    large = torch.finfo(torch.float16).max
    scores = torch.tensor([[large, -large, 1.0], [-large, -large, -large], [large, large, 0.0]], dtype=dtype)
    allowed = torch.tensor([[True, True, True], [True, True, True], [True, False, True]])
    for weights in (
        EXACT[name].dense(scores, allowed),
        EXACT[name].dense(scores, None),
        EXACT[name].segments(scores, torch.tensor([0, 1, 0]), 2),
    ):
        assert weights.isfinite().all()
    assert EXACT[name].dense(scores, allowed)[0].argmax() == 0


@each
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_an_overflow_of_half_precision_counts_as_the_largest_number(name: str, dtype: torch.dtype) -> None:
    scores = torch.tensor([[float("inf"), 1.0, float("-inf")]], dtype=dtype, requires_grad=True)
    weights = EXACT[name].dense(scores, torch.tensor([[True, True, True]]))
    weights.sum().backward()
    largest_number = torch.finfo(dtype).max / 1.5**0.5
    assert weights[0, 0] == 1 or (name == "relu" and weights[0, 0] >= largest_number)
    assert weights[0, 2] == 0
    assert scores.grad is not None
    assert scores.grad.isfinite().all()
