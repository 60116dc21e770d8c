from __future__ import annotations

import torch

from attnframe.attention.scores import Cosine

GENERATOR = torch.Generator().manual_seed(0)
QUERY = torch.randn(2, 3, 4, 5, generator=GENERATOR)
KEY = torch.randn(2, 3, 6, 5, generator=GENERATOR)


def test_is_ten_times_the_cosine_at_the_start() -> None:
    cosine = torch.nn.functional.cosine_similarity(QUERY[:, :, :, None], KEY[:, :, None], dim=-1)
    torch.testing.assert_close(Cosine(3)(QUERY, KEY), 10 * cosine)


def test_lengths_do_not_matter() -> None:
    score = Cosine(3)
    torch.testing.assert_close(score(QUERY * 7, KEY * 0.01), score(QUERY, KEY))


def test_each_head_has_a_scale_of_its_own_that_stays_in_range() -> None:
    score = Cosine(3)
    with torch.no_grad():
        score.log_tau.copy_(torch.tensor([-3.0, 0.0, 9.0]).view(3, 1, 1))
    same = torch.ones(1, 3, 1, 5)
    torch.testing.assert_close(score(same, same).flatten(), torch.tensor([-3.0, 0.0, 4.605170]).exp())


def test_the_zero_vector_has_cosine_zero_and_a_finite_gradient() -> None:
    query = torch.zeros(1, 3, 1, 5, requires_grad=True)
    scores = Cosine(3)(query, KEY[:1])
    scores.sum().backward()
    assert not scores.any()
    assert query.grad is not None
    assert query.grad.isfinite().all()


def test_half_precision_squares_do_not_overflow() -> None:
    query = torch.full((1, 3, 1, 5), 3000.0, dtype=torch.float16)
    torch.testing.assert_close(
        Cosine(3).half()(query, query).flatten(), torch.full((3,), 10.0).half(), rtol=2e-3, atol=0
    )
