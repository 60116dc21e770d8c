"""Recurrent layers: both ways, padding anywhere, steps, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from attnframe.bridges import Recurrence, RecurrentState
from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.masks import Documents, Padding, Window

CELLS = ["lstm", "gru"]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("layers", [1, 2])
def test_both_ways_is_a_pass_from_each_end(cell: Any, layers: int) -> None:
    torch.manual_seed(0)
    both = Recurrence(5, 8, cell, layers=layers, bidirectional=True)
    one = Recurrence(5, 4, cell, layers=layers)
    x = torch.randn(2, 6, 5)
    halves = []
    for own, turn in ((both.forwards, False), (both.backwards, True)):
        one.forwards.load_state_dict(own.state_dict())
        halves.append(one(x.flip(1)).flip(1) if turn else one(x))
    torch.testing.assert_close(both(x), torch.cat(halves, -1))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_padding_may_stand_anywhere_and_changes_nothing(cell: Any, bidirectional: bool) -> None:
    torch.manual_seed(0)
    layer = Recurrence(5, 8, cell, layers=2, bidirectional=bidirectional)
    valid = torch.tensor([[1, 1, 1, 1, 0, 0], [0, 0, 1, 1, 1, 1], [0, 1, 0, 1, 1, 0], [0, 0, 0, 0, 0, 0]]).bool()
    x = torch.randn(4, 6, 5).masked_fill(~valid.unsqueeze(-1), float("nan")).requires_grad_()
    out = layer(x, mask=Padding(valid))
    for row in range(3):
        torch.testing.assert_close(out[row, valid[row]], layer(x[row : row + 1, valid[row]])[0])
    assert out[~valid].eq(0).all()
    out.sum().backward()
    assert x.grad is not None
    assert x.grad[~valid].eq(0).all()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in layer.parameters())


@pytest.mark.parametrize("cell", CELLS)
def test_steps_equal_the_whole(cell: Any) -> None:
    torch.manual_seed(0)
    layer, state = Recurrence(5, 8, cell, layers=2), RecurrentState()
    x = torch.randn(2, 7, 5)
    parts = [layer(part, state=state) for part in x.split([3, 1, 2, 1], dim=1)]
    torch.testing.assert_close(torch.cat(parts, 1), layer(x))
    assert state.length == 7
    assert state.nbytes == (2 if cell == "lstm" else 1) * 2 * 2 * 8 * 4
    assert not any(tensor.requires_grad for tensor in state.carried)


@pytest.mark.parametrize("cell", CELLS)
def test_shapes_without_data_are_those_with(cell: Any) -> None:
    valid = torch.tensor([[0, 1, 1], [1, 1, 1]]).bool()
    for bidirectional in (False, True):
        layer, x = Recurrence(5, 8, cell, layers=2, bidirectional=bidirectional), torch.randn(2, 3, 5)
        bare = Recurrence(5, 8, cell, layers=2, bidirectional=bidirectional).to("meta")
        for mask in (None, Padding(valid)):
            bare_mask = None if mask is None else Padding(valid.to("meta"))
            assert bare(x.to("meta"), mask=bare_mask).shape == layer(x, mask=mask).shape
    (out, carried), (real, kept) = bare.run(x.to("meta")), layer.run(x)
    assert [out.shape, *(t.shape for t in carried)] == [real.shape, *(t.shape for t in kept)]
    assert bare.run(x.to("meta"), carried)[0].shape == real.shape


def test_a_state_forgets_all_or_nothing_and_follows_beams() -> None:
    torch.manual_seed(0)
    layer, state = Recurrence(5, 8), RecurrentState()
    x, order = torch.randn(2, 6, 5), torch.tensor([1, 1, 0])
    layer(x[:, :4], state=state)
    with pytest.raises(UnsupportedError, match="must be 0 or 4, because a recurrent state cannot forget single tokens"):
        state.crop(2)
    state.crop(4)
    state.reorder(order)
    torch.testing.assert_close(layer(x[order, 4:], state=state), layer(x)[order, 4:])
    state.crop(0)
    assert state.length == state.nbytes == 0
    torch.testing.assert_close(layer(x, state=state), layer(x))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"dim": 7, "bidirectional": True}, r"dim \(Recurrence\) must be even, .+ Got 7. Use 8, or one direction."),
        ({"cell": "lsm"}, r"cell \(Recurrence\) must be a known cell. Got 'lsm'. Did you mean lstm\?"),
        ({"layers": 0, "dim": -1}, r"dim \(Recurrence\) must be at least 1. Got -1.\nlayers"),
    ],
)
def test_wrong_arguments_are_told(arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        Recurrence(**{"input_dim": 4, "dim": 8, **arguments})


@pytest.mark.parametrize("mask", [Window(1, 1), Documents(torch.zeros(2, 3, dtype=torch.long))])
def test_a_mask_that_says_more_than_padding_is_refused(mask: Any) -> None:
    with pytest.raises(UnsupportedError, match=r"mask \(Recurrence\) must say no more than which tokens are padding"):
        Recurrence(5, 8)(torch.randn(2, 3, 5), mask=mask)


def test_a_state_goes_with_one_direction_and_no_padding() -> None:
    x, valid = torch.randn(2, 3, 5), torch.ones(2, 3, dtype=torch.bool)
    with pytest.raises(UnsupportedError, match=r"state \(Recurrence\) must be None when .+ read from both ends"):
        Recurrence(5, 8, bidirectional=True)(x, state=RecurrentState())
    with pytest.raises(UnsupportedError, match=r"mask \(Recurrence\) must be None with a state"):
        Recurrence(5, 8)(x, mask=Padding(valid), state=RecurrentState())


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_half_precision_where_it_helps_leaves_it_in_that_of_its_weights(cell: Any) -> None:
    layer, x = Recurrence(3, 4, cell=cell), torch.randn(2, 5, 3)
    with torch.autocast("cpu", torch.bfloat16):
        out = layer(x.bfloat16())
    assert out.dtype == torch.float32
    torch.testing.assert_close(out, layer(x.bfloat16().float()))
