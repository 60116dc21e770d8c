"""Laws of every position scheme."""

from __future__ import annotations

import inspect
import pkgutil
from typing import Any

import pytest
import torch
from torch import Tensor

import attnframe.recipes.position
from attnframe.errors import ConfigurationError
from attnframe.positions import (
    Alibi,
    AxialRotary,
    BiasPosition,
    GraphPosition,
    InputPosition,
    Laplacian,
    Learned,
    LinearScaling,
    Llama3Scaling,
    NoPosition,
    NtkScaling,
    Position,
    RandomWalk,
    RelativePosition,
    Rotary,
    RotaryPosition,
    Shaw,
    ShortestPath,
    Sinusoidal,
    SwinBias,
    T5Bias,
    Timestamps,
    YarnScaling,
    grid,
)
from attnframe.recipe import construct
from attnframe.recipes.position.alibi import AlibiScheme
from attnframe.recipes.position.base import KINDS, PositionScheme, Sizes
from attnframe.recipes.position.laplacian import LaplacianScheme
from attnframe.recipes.position.learned import LearnedScheme
from attnframe.recipes.position.none import NoPositionScheme
from attnframe.recipes.position.random_walk import RandomWalkScheme
from attnframe.recipes.position.rope import RopeScheme
from attnframe.recipes.position.rope_axial import RopeAxialScheme
from attnframe.recipes.position.rope_linear import RopeLinearScheme
from attnframe.recipes.position.rope_llama3 import RopeLlama3Scheme
from attnframe.recipes.position.rope_ntk import RopeNtkScheme
from attnframe.recipes.position.rope_yarn import RopeYarnScheme
from attnframe.recipes.position.shaw import ShawScheme
from attnframe.recipes.position.shortest_path import ShortestPathScheme
from attnframe.recipes.position.sinusoidal import SinusoidalScheme
from attnframe.recipes.position.swin import SwinScheme
from attnframe.recipes.position.t5 import T5Scheme
from attnframe.recipes.position.timestamps import TimestampsScheme

BUILT: dict[type[PositionScheme], type[Position]] = {
    NoPositionScheme: NoPosition,
    SinusoidalScheme: Sinusoidal,
    LearnedScheme: Learned,
    RopeScheme: Rotary,
    RopeLinearScheme: Rotary,
    RopeNtkScheme: Rotary,
    RopeYarnScheme: Rotary,
    RopeLlama3Scheme: Rotary,
    RopeAxialScheme: AxialRotary,
    AlibiScheme: Alibi,
    T5Scheme: T5Bias,
    ShawScheme: Shaw,
    SwinScheme: SwinBias,
    TimestampsScheme: Timestamps,
    ShortestPathScheme: ShortestPath,
    LaplacianScheme: Laplacian,
    RandomWalkScheme: RandomWalk,
}
SCALINGS = {
    RopeLinearScheme: LinearScaling,
    RopeNtkScheme: NtkScaling,
    RopeYarnScheme: YarnScaling,
    RopeLlama3Scheme: Llama3Scaling,
}
VIEWS = {"input": InputPosition, "rotary": RotaryPosition, "bias": BiasPosition, "relative": RelativePosition}
SIZES = Sizes(dim=24, num_heads=3, head_dim=8, max_length=16, grid=(4, 4))
each = pytest.mark.parametrize("scheme", list(BUILT))


def positions_for(scheme: type[PositionScheme], built: Position) -> Tensor:
    """Positions of 16 tokens, of the kind that the scheme reads."""
    if isinstance(built, GraphPosition):
        ring = torch.stack((torch.arange(16), (torch.arange(16) + 1) % 16))
        return built.coordinates(torch.cat((ring, ring.flip(0)), dim=1), 16)
    return {"grid": grid(4, 4), "time": torch.arange(16)[None] * 0.5}.get(scheme.reads or "", torch.arange(16)[None])


def apply(built: Position, positions: Tensor) -> Tensor | None:
    """What a position makes of 16 tokens, of two texts where it is handed any."""
    if isinstance(built, InputPosition):
        return built.add(torch.zeros(2, 16, 24), positions)
    if isinstance(built, RotaryPosition):
        return built.rotate(torch.zeros(2, 3, 16, 8), positions)
    if isinstance(built, BiasPosition):
        return built.bias(positions, positions)
    return built.scores(torch.zeros(2, 3, 16, 8), positions, positions) if isinstance(built, RelativePosition) else None


def test_every_file_declares_the_scheme_of_its_name() -> None:
    names = {module.name for module in pkgutil.iter_modules(attnframe.recipes.position.__path__)}
    assert names - {"base", "rotary"} == {scheme.name for scheme in BUILT}
    for scheme in BUILT:
        assert scheme.__module__ == f"attnframe.recipes.position.{scheme.name}"


@each
def test_builds_its_module_and_declares_how_that_enters(scheme: type[PositionScheme]) -> None:
    built = scheme().build(SIZES)
    assert type(built) is BUILT[scheme]
    view = next((name for name, base in VIEWS.items() if isinstance(built, base)), "none")
    assert scheme.view == view
    assert (scheme.reads == "graph") == isinstance(built, GraphPosition)
    assert (scheme.reads is None) == (view == "none")


@each
def test_what_is_built_fits_the_model_and_reads_its_kind(scheme: type[PositionScheme]) -> None:
    built = scheme().build(SIZES)
    shapes = {"input": (2, 16, 24), "rotary": (2, 3, 16, 8), "bias": (1, 3, 16, 16), "relative": (2, 3, 16, 16)}
    found = apply(built, positions_for(scheme, built))
    assert (None if found is None else tuple(found.shape)) == shapes.get(scheme.view)


@pytest.mark.parametrize("scheme", [scheme for scheme in BUILT if scheme.reads])
def test_positions_of_another_shape_are_refused(scheme: type[PositionScheme]) -> None:
    """Order where coordinates are read, and coordinates where order is; silence would be a wrong model."""
    built = scheme().build(SIZES)
    wrong = torch.arange(16)[None] if scheme.reads in ("grid", "graph") else grid(4, 4)
    with pytest.raises(ConfigurationError, match=rf"positions \({type(built).__name__}\) must (have coord|be one num)"):
        apply(built, wrong)


@each
def test_says_what_it_is_in_one_line(scheme: type[PositionScheme]) -> None:
    assert 0 < len(scheme.summary) <= 100
    assert "\n" not in scheme.summary
    assert scheme.reads is None or scheme.reads in KINDS
    documented = inspect.getdoc(scheme) or ""
    assert all(f"{field}:" in documented for field in inspect.signature(scheme).parameters)


@pytest.mark.parametrize("scheme", [RopeScheme, *SCALINGS])
def test_rope_refuses_an_odd_head_width(scheme: type[PositionScheme]) -> None:
    (fault,) = scheme().width_faults(15)
    assert str(fault).startswith(
        f"head_dim ({scheme.__name__}) must be even for rotary positions, which turn features in pairs. Got 15."
    )
    assert not list(scheme().width_faults(16))


def test_axial_rope_refuses_a_head_width_that_two_coordinates_cannot_share() -> None:
    (fault,) = RopeAxialScheme().width_faults(6)
    assert str(fault).startswith("head_dim (RopeAxialScheme) must be a multiple of 4")
    assert not list(RopeAxialScheme().width_faults(8))


@each
def test_others_take_any_width(scheme: type[PositionScheme]) -> None:
    assert scheme.view == "rotary" or not list(scheme().width_faults(15))


@pytest.mark.parametrize("scheme", [RopeScheme, RopeYarnScheme, RopeAxialScheme, SinusoidalScheme])
def test_base_is_an_option_above_one(scheme: type[PositionScheme]) -> None:
    built = construct(scheme, {"base": 500}).build(SIZES)
    assert built.base == 500.0
    with pytest.raises(
        ConfigurationError, match=rf"position\.base \({scheme.__name__}\) must be a number above 1\. Got 1\.0\."
    ):
        construct(scheme, {"base": 1})


@pytest.mark.parametrize("scheme", SCALINGS)
def test_scaled_ropes_build_their_scaling(scheme: type[PositionScheme]) -> None:
    built = construct(scheme, {"factor": 2}).build(SIZES)
    assert isinstance(built, Rotary)
    assert type(built.scaling) is SCALINGS[scheme]
    assert built.scaling.factor == 2


@pytest.mark.parametrize("scheme", [RopeYarnScheme, RopeLlama3Scheme])
def test_the_original_length_is_that_of_the_task_over_the_factor_unless_given(scheme: type[PositionScheme]) -> None:
    for values, length in (({"factor": 2}, 8), ({"original_length": 5}, 5)):
        built = construct(scheme, values).build(SIZES)
        assert isinstance(built, Rotary)
        assert built.scaling.original_length == length


@pytest.mark.parametrize(
    ("scheme", "values", "text"),
    [
        (RopeYarnScheme, {"slow": 40}, r"position\.slow \(RopeYarnScheme\) must be below position\.fast=32"),
        (RopeLlama3Scheme, {"slow": 4}, r"position\.slow \(RopeLlama3Scheme\) must be below position\.fast=4"),
        (T5Scheme, {"num_buckets": 7}, r"position\.num_buckets \(T5Scheme\) must be even\. Got 7\. Try 8\."),
        (T5Scheme, {"max_distance": 16}, r"max_distance \(T5Scheme\) must be above half of position\.num_buckets=32"),
        (
            TimestampsScheme,
            {"unit": 1e9},
            r"position\.longest \(TimestampsScheme\) must be above position\.unit=1e\+09",
        ),
    ],
)
def test_fields_that_do_not_fit_together_are_refused(
    scheme: type[PositionScheme], values: dict[str, Any], text: str
) -> None:
    with pytest.raises(ConfigurationError, match=text):
        construct(scheme, values)


@pytest.mark.parametrize("scheme", [T5Scheme, ShawScheme, TimestampsScheme])
def test_causal_tables_have_one_side(scheme: type[PositionScheme]) -> None:
    """No parameter of a causal model may wait for keys that never come."""
    both = scheme().build(SIZES)
    one = scheme().build(Sizes(dim=24, num_heads=3, head_dim=8, max_length=16, causal=True))
    assert one.causal
    assert not both.causal


def test_swin_needs_a_grid() -> None:
    with pytest.raises(ConfigurationError, match=r"grid \(SwinScheme\.build\) must be rows and columns"):
        SwinScheme().build(Sizes(dim=8, num_heads=2, head_dim=4, max_length=4))
