"""Laws of every position scheme."""

from __future__ import annotations

import inspect
import pkgutil

import pytest
import torch

import attnframe.recipes.position
from attnframe.errors import ConfigurationError
from attnframe.positions import (
    Alibi,
    BiasPosition,
    InputPosition,
    Learned,
    NoPosition,
    Position,
    Rotary,
    RotaryPosition,
    Sinusoidal,
)
from attnframe.recipe import construct
from attnframe.recipes.position.alibi import AlibiScheme
from attnframe.recipes.position.base import PositionScheme
from attnframe.recipes.position.learned import LearnedScheme
from attnframe.recipes.position.none import NoPositionScheme
from attnframe.recipes.position.rope import RopeScheme
from attnframe.recipes.position.sinusoidal import SinusoidalScheme

BUILT: dict[type[PositionScheme], type[Position]] = {
    NoPositionScheme: NoPosition,
    SinusoidalScheme: Sinusoidal,
    LearnedScheme: Learned,
    RopeScheme: Rotary,
    AlibiScheme: Alibi,
}
VIEWS = {"input": InputPosition, "rotary": RotaryPosition, "bias": BiasPosition}
each = pytest.mark.parametrize("scheme", list(BUILT))


def test_every_file_declares_the_scheme_of_its_name() -> None:
    names = {module.name for module in pkgutil.iter_modules(attnframe.recipes.position.__path__)} - {"base"}
    assert names == {scheme.name for scheme in BUILT}
    for scheme in BUILT:
        assert scheme.__module__ == f"attnframe.recipes.position.{scheme.name}"


@each
def test_builds_its_module_and_declares_how_that_enters(scheme: type[PositionScheme]) -> None:
    built = scheme().build(dim=24, num_heads=3, head_dim=8, max_length=16)
    assert type(built) is BUILT[scheme]
    view = next((name for name, base in VIEWS.items() if isinstance(built, base)), "none")
    assert scheme.view == view


@each
def test_what_is_built_fits_the_model(scheme: type[PositionScheme]) -> None:
    built, positions = scheme().build(dim=24, num_heads=3, head_dim=8, max_length=16), torch.arange(16)[None]
    if isinstance(built, InputPosition):
        assert built.add(torch.zeros(2, 16, 24), positions).shape == (2, 16, 24)
    if isinstance(built, RotaryPosition):
        assert built.rotate(torch.zeros(2, 3, 16, 8), positions).shape == (2, 3, 16, 8)
    if isinstance(built, BiasPosition):
        assert built.bias(positions, positions).shape == (1, 3, 16, 16)


@each
def test_says_what_it_is_in_one_line(scheme: type[PositionScheme]) -> None:
    assert 0 < len(scheme.summary) <= 100
    assert "\n" not in scheme.summary
    documented = inspect.getdoc(scheme) or ""
    assert all(f"{field}:" in documented for field in inspect.signature(scheme).parameters)


def test_rope_refuses_an_odd_head_width() -> None:
    (fault,) = RopeScheme().width_faults(15)
    assert str(fault).startswith(
        "head_dim (RopeScheme) must be even for rotary positions, which turn features in pairs. Got 15."
    )
    assert not list(RopeScheme().width_faults(16))


@each
def test_others_take_any_width(scheme: type[PositionScheme]) -> None:
    assert scheme is RopeScheme or not list(scheme().width_faults(15))


@pytest.mark.parametrize("scheme", [RopeScheme, SinusoidalScheme])
def test_base_is_an_option_above_one(scheme: type[PositionScheme]) -> None:
    built = construct(scheme, {"base": 500}).build(dim=24, num_heads=3, head_dim=8, max_length=16)
    assert built.base == 500.0
    with pytest.raises(
        ConfigurationError, match=rf"position\.base \({scheme.__name__}\) must be a number above 1\. Got 1\.0\."
    ):
        construct(scheme, {"base": 1})
