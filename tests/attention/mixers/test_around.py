"""What mixers around another one hand on: its signals, its last step, its scores and what it cannot take."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe import Attention
from attnframe.attention.mixer import Mixer
from attnframe.attention.mixers import (
    GatedMixer,
    LinearMixer,
    PatternMixer,
    SkipMixer,
    SoftmaxMixer,
    WindowMixer,
)
from attnframe.errors import UnsupportedError
from attnframe.masks import Window
from attnframe.positions import Alibi

WRAPPERS: dict[str, Callable[[Mixer], Mixer]] = {
    "gated": lambda inner: GatedMixer(inner, 4),
    "pattern": lambda inner: PatternMixer(inner, Window(2, 2)),
    "skip": lambda inner: SkipMixer(inner, 2, 4),
    "window": lambda inner: WindowMixer(inner, 2, 2),
}
EACH = pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=[*WRAPPERS])


@EACH
def test_a_bias_that_the_inner_mixer_cannot_take_is_refused(wrap: Callable[[Mixer], Mixer]) -> None:
    with pytest.raises(UnsupportedError, match="takes no position bias such as Alibi"):
        Attention(8, 2, mixer=wrap(LinearMixer()), position=Alibi(2))
    Attention(8, 2, mixer=wrap(SoftmaxMixer()), position=Alibi(2))


@EACH
def test_layers_copy_and_pickle(wrap: Callable[[Mixer], Mixer]) -> None:
    layer, x = Attention(8, 2, mixer=wrap(SoftmaxMixer())), torch.randn(2, 5, 8)
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert torch.equal(other(x), layer(x))


@pytest.mark.parametrize("name", ["pattern", "window"])
def test_the_last_step_of_the_inner_mixer_is_taken(name: str) -> None:
    """A gate inside of a window gives what a window inside of a gate gives."""
    outs: list[Tensor] = []
    for mixer in (WRAPPERS[name](GatedMixer(SoftmaxMixer(), 4)), GatedMixer(WRAPPERS[name](SoftmaxMixer()), 4)):
        torch.manual_seed(0)
        layer: Any = Attention(8, 2, mixer=mixer)
        outs.append(layer(torch.ones(1, 5, 8).cumsum(1)))
    assert torch.equal(*outs)


@EACH
def test_the_scores_are_those_of_the_inner_mixer(wrap: Callable[[Mixer], Mixer], make: Callable[..., Any]) -> None:
    inner = SoftmaxMixer()
    query, key, _, call = make(5)
    found = wrap(inner).scores(query, key, call, slice(1, 4))
    known = inner.scores(query, key, call, slice(1, 4))
    seen = found > -torch.inf
    assert seen.any(-1).all()
    assert torch.equal(found[seen], known[seen])
    assert wrap(inner).shows_scores
    assert not wrap(LinearMixer()).shows_scores
