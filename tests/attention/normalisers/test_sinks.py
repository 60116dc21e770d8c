"""Learned sinks and softmax plus one: one logit more in every sum."""

from __future__ import annotations

import pytest
import torch

from attnframe.attention.normalisers import Sinks, SoftmaxPlusOne

HEADS = 3


def made() -> Sinks:
    sinks = Sinks(HEADS).double()
    with torch.no_grad():
        sinks.logits.copy_(torch.tensor([-1.0, 0.5, 2.0]))
    return sinks


def scores_of(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_are_softmax_with_a_key_more_whose_weight_is_dropped() -> None:
    sinks, scores = made(), scores_of(2, HEADS, 4, 5)
    column = sinks.logits.view(1, -1, 1, 1).expand(2, -1, 4, 1)
    expected = torch.softmax(torch.cat((scores, column), dim=-1), dim=-1)[..., :-1]
    torch.testing.assert_close(sinks.dense(scores, None), expected)


def test_start_as_softmax_plus_one() -> None:
    scores = scores_of(2, HEADS, 4, 5)
    allowed = torch.rand(2, 1, 4, 5, generator=torch.Generator().manual_seed(1)) > 0.3
    torch.testing.assert_close(Sinks(HEADS).double().dense(scores, allowed), SoftmaxPlusOne().dense(scores, allowed))


def test_heads_over_edges_read_their_own_sink() -> None:
    sinks, scores = made(), scores_of(2, HEADS, 4, 5)
    expected = sinks.dense(scores, None)
    row = torch.arange(4).repeat_interleave(5)
    edges = scores.flatten(2).permute(2, 0, 1)  # (N, B, H)
    found = sinks.segments(edges, row, 4)
    torch.testing.assert_close(found.permute(1, 2, 0).view_as(expected), expected)
    # The same, each batch row and head a segment of its own, counted over the heads first.
    segment = (row.view(-1, 1, 1) * 2 * HEADS + torch.arange(2 * HEADS).view(1, 2, HEADS)).flatten()
    flat = sinks.segments(edges.flatten(), segment, 4 * 2 * HEADS)
    torch.testing.assert_close(flat.view_as(found), found)


def test_the_logits_learn() -> None:
    sinks, scores = made(), scores_of(1, HEADS, 4, 5).requires_grad_()
    allowed = torch.ones(1, 1, 4, 5, dtype=torch.bool)
    allowed[:, :, 0] = False
    assert torch.autograd.gradcheck(lambda s, _: sinks.dense(s, allowed), (scores, sinks.logits))
    (gradient,) = torch.autograd.grad(sinks.dense(scores, allowed).sum(), sinks.logits)
    assert (gradient < 0).all()


@pytest.mark.parametrize("sink", [-1e4, 1e4])
def test_an_extreme_sink_takes_nothing_or_all(sink: float) -> None:
    sinks = made()
    with torch.no_grad():
        sinks.logits.fill_(sink)
    total = sinks.dense(scores_of(2, HEADS, 4, 5), None).sum(-1)
    torch.testing.assert_close(total, torch.full_like(total, float(sink < 0)))
