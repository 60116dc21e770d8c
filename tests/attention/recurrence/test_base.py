"""Every recurrence: parallel, chunked and step forms agree, forward and gradient."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor

from attnframe.attention.recurrence import ChannelDecay, DeltaRule, Recurrence, ScalarDecay, Tokens

Make = Callable[..., Tokens]
KINDS = [
    (ScalarDecay(), "none"),
    (ScalarDecay(), "steady"),
    (ScalarDecay(), "scalar"),
    (ChannelDecay(), "channel"),
    (DeltaRule(), "none"),
    (DeltaRule(), "steady"),
    (DeltaRule(), "scalar"),
]
LENGTH = 37

every_kind = pytest.mark.parametrize(("recurrence", "decay"), KINDS, ids=lambda one: getattr(one, "chunk", one))


def _in_steps(recurrence: Recurrence, tokens: Tokens) -> tuple[Tensor, Tensor]:
    state, outs = None, []
    for t in range(tokens.length):
        out, state = recurrence.step(tokens.rows(slice(t, t + 1)), state)
        outs.append(out)
    assert state is not None
    return torch.cat(outs, dim=2), state


def _slopes(tokens: Tokens, outs: Sequence[Tensor]) -> list[Tensor | None]:
    leaves = [x for x in (tokens.query, tokens.key, tokens.value, tokens.decay, tokens.rate) if x is not None]
    total = sum((out * torch.linspace(-1, 1, out.numel(), dtype=out.dtype).view_as(out)).sum() for out in outs)
    return list(torch.autograd.grad(total, leaves, allow_unused=True, retain_graph=True))


@every_kind
@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("chunk", [1, 3, 16, LENGTH, 99])
def test_chunks_equal_steps(make: Make, recurrence: Recurrence, decay: str, fresh: bool, chunk: int) -> None:
    tokens = make(LENGTH, decay, fresh=fresh)
    found, expected = recurrence.chunked(tokens, None, chunk), _in_steps(recurrence, tokens)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other)
    for slope, other_slope in zip(_slopes(tokens, found), _slopes(tokens, expected), strict=True):
        torch.testing.assert_close(slope, other_slope)


@every_kind
@pytest.mark.parametrize("fresh", [False, True])
def test_the_parallel_form_equals_steps(make: Make, recurrence: Recurrence, decay: str, fresh: bool) -> None:
    tokens = make(LENGTH, decay, fresh=fresh)
    torch.testing.assert_close(recurrence.parallel(tokens), _in_steps(recurrence, tokens)[0])


@every_kind
def test_weights_of_some_rows_are_rows_of_all(make: Make, recurrence: Recurrence, decay: str) -> None:
    tokens = make(LENGTH, decay, fresh=True)
    whole = recurrence.weights(tokens, slice(None))
    assert whole.shape == (2, 3, LENGTH, LENGTH)
    assert not whole.triu(1).any()
    for rows in (slice(0, 5), slice(5, 30), slice(36, 37)):
        torch.testing.assert_close(recurrence.weights(tokens, rows), whole[:, :, rows])


@every_kind
def test_a_lone_token_has_one_weight(make: Make, recurrence: Recurrence, decay: str) -> None:
    tokens = make(1, decay)
    found = recurrence.weights(tokens, slice(None))
    assert found.shape == (2, 3, 1, 1)
    torch.testing.assert_close(found @ tokens.value, _in_steps(recurrence, tokens)[0])


@every_kind
def test_a_state_goes_on_where_it_ended(make: Make, recurrence: Recurrence, decay: str) -> None:
    tokens = make(LENGTH, decay, fresh=True)
    whole, last = recurrence.chunked(tokens, None, 8)
    outs, state = [], None
    for rows in (slice(0, 1), slice(1, 20), slice(20, None)):
        out, state = recurrence.chunked(tokens.rows(rows), state, 8)
        outs.append(out)
    assert state is not None
    torch.testing.assert_close(torch.cat(outs, dim=2), whole)
    torch.testing.assert_close(state, last)
    for slope, other in zip(_slopes(tokens, [torch.cat(outs, dim=2)]), _slopes(tokens, [whole]), strict=True):
        torch.testing.assert_close(slope, other)


@every_kind
def test_strong_decays_stay_finite_and_right_in_single_precision(
    make: Make, recurrence: Recurrence, decay: str
) -> None:
    tokens = make(LENGTH, decay, strength=4.0)
    if decay == "channel":
        assert tokens.decay is not None
        with torch.no_grad():
            tokens.decay.clamp_(min=-8.0)[:, :, 10:30] = -8.0
    expected, _ = _in_steps(recurrence, tokens)
    single = Tokens(
        *(None if x is None else x.float() for x in (tokens.query, tokens.key, tokens.value, tokens.decay, tokens.rate))
    )
    out, state = recurrence.chunked(single, None, recurrence.chunk)
    torch.testing.assert_close(out.double(), expected, rtol=0, atol=1e-5 * expected.abs().max().item())
    slopes = _slopes(tokens, [out, state])
    assert all(slope.isfinite().all() for slope in slopes if slope is not None)


@every_kind
def test_an_output_is_made_of_visible_values_only(make: Make, recurrence: Recurrence, decay: str) -> None:
    tokens = make(LENGTH, decay)
    out, _ = recurrence.chunked(tokens, None, 8)
    (slope,) = torch.autograd.grad(out[:, :, :12].sum(), tokens.value)
    assert not slope[:, :, 12:].any()
    assert slope[:, :, :12].any()
