"""Public docstrings name their source and every argument, and the constructor of `Attention` stays small."""

from __future__ import annotations

import inspect
from types import ModuleType

import pytest
from torch import nn

from attnframe import Attention, bridges, interpretation, masks, positions
from attnframe.attention import mixers, normalisers, projections, scores
from attnframe.recipe import Recipe, documented, hints
from attnframe.recipes.registry import attention_variants, position_schemes

RECIPES = [*attention_variants().values(), *position_schemes().values()]
PARTS = [
    cls
    for package in (bridges, masks, mixers, normalisers, positions, projections, scores)
    for cls in vars(package).values()
    if inspect.isclass(cls) and cls.__module__.startswith(package.__name__) and cls.__name__ in package.__all__
]
AFTER_A_PAPER = [
    cls for cls in PARTS if issubclass(cls, nn.Module) and not inspect.isabstract(cls) and cls is not positions.Position
]
"""Bases, and masks that are terms of the field, have no source."""


def names_its_source(cls: type) -> bool:
    """Whether a docstring gives an address, or says that there is no paper."""
    told = inspect.getdoc(cls) or ""
    return "https://" in told or "No paper" in told


def test_attention_has_at_most_twelve_arguments_each_typed_and_documented() -> None:
    arguments = inspect.signature(Attention).parameters
    assert len(arguments) <= 12
    assert [name for name in arguments if name not in documented(Attention)] == []
    assert [name for name, argument in arguments.items() if argument.annotation is inspect.Parameter.empty] == []


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_names_its_source_and_every_field(recipe: type[Recipe]) -> None:
    assert names_its_source(recipe)
    assert [field for field in hints(recipe) if field not in documented(recipe)] == []


@pytest.mark.parametrize("cls", PARTS)
def test_a_part_names_every_argument(cls: type) -> None:
    assert inspect.getdoc(cls)
    told = " ".join(vars(base).get("__doc__") or "" for base in cls.__mro__)
    own = [name for name in inspect.signature(cls).parameters if name not in ("args", "kwargs")]
    assert [name for name in own if f" {name}: " not in told] == []


@pytest.mark.parametrize("cls", AFTER_A_PAPER)
def test_a_part_names_its_source(cls: type) -> None:
    assert names_its_source(cls)


@pytest.mark.parametrize("package", [bridges, interpretation, masks, positions])
def test_public_functions_say_what_they_give(package: ModuleType) -> None:
    found = {name: vars(package)[name] for name in package.__all__}
    assert [name for name, one in found.items() if inspect.isroutine(one) and not inspect.getdoc(one)] == []
