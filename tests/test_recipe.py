"""What recipes say of themselves."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from typing import Annotated, Any, ClassVar

import pytest

from attnframe.errors import ConfigurationError
from attnframe.recipe import AtLeast, Recipe, documented, frozen


class Base:
    """A base.

    Args:
        depth: layers, at least
            1; see `width`.
        width: features.
    """


class Derived(Base):
    """A class whose text has words: with colons.

    Args:
        width: features of one
            head.

    Raises:
        ValueError: never.
    """


def test_docstrings_tell_of_arguments_and_the_nearest_class_wins() -> None:
    assert documented(Base) == {"depth": "layers, at least 1; see `width`.", "width": "features."}
    assert documented(Derived) == {"depth": "layers, at least 1; see `width`.", "width": "features of one head."}


def test_a_class_without_arguments_tells_of_none() -> None:
    assert documented(object) == {}


@frozen
class Tea(Recipe):
    where: ClassVar[str] = "tea"

    minutes: Annotated[float, AtLeast(0)] = 3.0
    leaves: tuple[str, ...] = ("assam",)


@frozen
class Mate(Tea):
    sweet: bool = False


def test_recipes_of_one_class_with_equal_fields_are_equal() -> None:
    assert Tea() == Tea(minutes=3.0)
    assert len({Tea(), Tea(minutes=3.0), Tea(minutes=4.0)}) == 2
    assert Tea() != Mate()
    assert Mate(sweet=True) != Mate()


@frozen
class Infusion(Tea):
    herb: str


def test_the_constructor_takes_the_fields_by_name_and_nothing_else() -> None:
    assert Infusion(herb="mint").minutes == 3.0
    with pytest.raises(TypeError, match=r"^Infusion must be given herb$"):
        construct_untyped(Infusion)
    with pytest.raises(TypeError, match=r"^Tea has no field sugar, milk$"):
        construct_untyped(Tea, sugar=1, milk=True)


def construct_untyped(recipe: Any, **values: Any) -> Any:
    return recipe(**values)


def test_the_signature_shows_fields_with_defaults() -> None:
    assert [*inspect.signature(Infusion).parameters] == ["minutes", "leaves", "herb"]
    assert inspect.signature(Infusion).parameters["minutes"].default == 3.0
    assert inspect.signature(Infusion).parameters["herb"].default is inspect.Parameter.empty


def test_a_recipe_never_changes() -> None:
    tea = Tea()
    for name in ("minutes", "where", "unheard_of"):
        with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot assign to field '{name}'"):
            setattr(tea, name, 5.0)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'minutes'"):
        delattr(tea, "minutes")
    assert tea == Tea()


def test_a_recipe_prints_as_it_is_made_and_can_be_copied() -> None:
    mate = Mate(minutes=2.5, sweet=True)
    assert repr(mate) == "Mate(minutes=2.5, leaves=('assam',), sweet=True)"
    for same in (eval(repr(mate)), copy.deepcopy(mate), pickle.loads(pickle.dumps(mate))):
        assert same == mate
    assert mate.replace(sweet=False) == Mate(minutes=2.5)


def test_only_names_are_taken_and_each_value_is_checked() -> None:
    untyped: Any = Tea
    with pytest.raises(TypeError, match="positional"):
        untyped(3.0)
    with pytest.raises(ConfigurationError, match=r"tea.minutes \(Mate\) must be a number at least 0. Got -1.0"):
        Mate().replace(minutes=-1.0)
