"""Recipes: torch-free descriptions of the parts a user selects, whose fields are the configuration keys.

A recipe is an object whose values never change. Its field annotations declare type and range, so one place holds the
schema, the check, the error text and the documentation: configuration key = constructor argument = docstring entry.
Making one checks all fields at once; `faults` adds what one field alone cannot say. What needs torch is imported when
it is built.
"""

from __future__ import annotations

import inspect
import math
import re
import sys
import types
from collections.abc import Iterable, Mapping
from dataclasses import FrozenInstanceError, dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin

if sys.version_info >= (3, 11):
    from typing import dataclass_transform
else:
    from typing_extensions import dataclass_transform

from attnframe.errors import ConfigurationError, Fault, did_you_mean


@dataclass(frozen=True)
class AtLeast:
    """Constraint on a number: not below `low`."""

    low: float

    def __str__(self) -> str:
        return f"at least {self.low:g}"

    def holds(self, value: Any) -> bool:
        return bool(value >= self.low)


@dataclass(frozen=True)
class Above:
    """Constraint on a number: above `low`."""

    low: float

    def __str__(self) -> str:
        return f"above {self.low:g}"

    def holds(self, value: Any) -> bool:
        return bool(value > self.low)


@dataclass(frozen=True)
class Between:
    """Constraint on a number: `low` to `high`, both included."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"from {self.low:g} to {self.high:g}"

    def holds(self, value: Any) -> bool:
        return bool(self.low <= value <= self.high)


R = TypeVar("R", bound="Recipe")

MISSING = inspect.Parameter.empty
"""Stands for the default of a field that has none."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def frozen(cls: type[R]) -> type[R]:
    """Class decorator of every recipe: makes its annotated fields keyword arguments of the constructor, after those of
    its bases.

    A class gets a list of its fields and nothing else; constructor, comparison, printing and the refusal to change are
    written once, in `Recipe`. Dataclasses compile them anew for every class, which `attnframe list` would wait for.
    """
    fields: dict[str, Any] = {}
    for base in reversed(cls.__mro__[1:]):
        fields |= vars(base).get("_defaults", {})
    for name, annotation in vars(cls).get("__annotations__", {}).items():
        if not str(annotation).removeprefix("typing.").startswith("ClassVar"):
            fields[name] = vars(cls).get(name, MISSING)
    cls._defaults = fields
    return cls


def is_frozen(recipe: type[Recipe]) -> bool:
    """Whether a class is decorated itself; one that is not has the fields of its base alone."""
    return "_defaults" in vars(recipe)


class _Signature:
    """The signature of the constructor of the class that it is read from."""

    def __get__(self, recipe: Recipe | None, kind: type[Recipe]) -> inspect.Signature:
        known = hints(kind)
        return inspect.Signature(
            [
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=known[name])
                for name, default in defaults(kind).items()
            ]
        )


@frozen
class Recipe:
    """Base of all recipes. Two are equal when they are of one class and all fields are equal.

    Args:
        values: of the fields, by name; a field with a default may be left out.

    Raises:
        TypeError: naming fields that there are not, or that are missing.
        ConfigurationError: naming every field whose type or range is wrong, then every fault of `faults`.
    """

    where: ClassVar[str] = ""
    """The configuration node that the fields live under, e.g. ``attention``; used in error texts."""

    __signature__ = _Signature()
    _defaults: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, **values: Any) -> None:
        given = defaults(type(self)) | values
        unknown = [name for name in values if name not in self._defaults]
        missing = [name for name in given if given[name] is MISSING]
        if unknown or missing:
            told = f"has no field {', '.join(unknown)}" if unknown else f"must be given {', '.join(missing)}"
            raise TypeError(f"{type(self).__name__} {told}")
        vars(self).update(given)
        found = field_faults(type(self), given) or [*self.faults()]
        if found:
            raise ConfigurationError(found)

    def __setattr__(self, name: str, value: Any) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__qualname__}({shown})"

    def replace(self: R, **changed: Any) -> R:
        """A copy with other values of some fields, checked as a new one is."""
        return type(self)(**{**vars(self), **changed})

    def faults(self) -> Iterable[Fault]:
        """What is wrong with the fields taken together; each is right by itself when this is called."""
        return ()

    def fault(self, field: str, must: str, works: str = "") -> Fault:
        """A fault of one field of this recipe, in the house manner."""
        return Fault(f"{self.key(field)} ({type(self).__name__})", must, repr(getattr(self, field)), works)

    @classmethod
    def key(cls, field: str) -> str:
        """The full configuration key of a field."""
        return f"{cls.where}.{field}" if cls.where else field


def hints(recipe: type[Recipe]) -> dict[str, Any]:
    """Annotations of the fields of a recipe, in order, `Annotated` kept."""
    hashable: Any = recipe  # mypy takes the class for unhashable because its instances define __hash__
    return _hints(hashable)


@cache
def _hints(recipe: Any) -> dict[str, Any]:
    every: dict[str, Any] = {}
    for cls in reversed(recipe.__mro__):
        every |= _own_hints(cls)
    return {name: every[name] for name in recipe._defaults}


# The bases that many recipes share are evaluated once, which get_type_hints would do for each recipe anew.
@cache
def _own_hints(cls: Any) -> dict[str, Any]:
    return inspect.get_annotations(cls, eval_str=True)


def defaults(recipe: type[Recipe]) -> dict[str, Any]:
    """Default of each field, in order; `MISSING` for a field without one."""
    return dict(recipe._defaults)


def construct(recipe: type[R], values: Mapping[str, Any]) -> R:
    """Build a recipe from plain configuration values.

    Args:
        recipe: the recipe class.
        values: field values; lists become tuples and integers floats where the field says so.

    Raises:
        ConfigurationError: with every unknown key, every missing one and every wrong value.
    """
    known = hints(recipe)
    given = {name: _coerce(value, known[name]) for name, value in values.items() if name in known}
    found = [
        Fault(f"{recipe.key(name)} ({recipe.__name__})", "is not a known key", "", did_you_mean(name, list(known)))
        for name in values
        if name not in known
    ]
    found += [
        Fault(f"{recipe.key(name)} ({recipe.__name__})", "must be given")
        for name, default in defaults(recipe).items()
        if default is MISSING and name not in given
    ]
    found += field_faults(recipe, given)
    if found:
        raise ConfigurationError(found)
    return recipe(**given)


def field_faults(recipe: type[Recipe], values: Mapping[str, Any]) -> list[Fault]:
    """Every given value whose type or range its annotation does not allow."""
    found = []
    for name, hint in hints(recipe).items():
        if name in values and not _fits(values[name], hint):
            where = f"{recipe.key(name)} ({recipe.__name__})"
            found.append(Fault(where, f"must be {describe(hint)}", repr(values[name])))
    return found


def describe(hint: Any) -> str:
    """An annotation in words, for error texts and documentation."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return " ".join([describe(args[0]), *(str(rule) for rule in args[1:])])
    if origin in (Union, types.UnionType):
        return " or ".join(describe(arg) for arg in args)
    if origin is Literal:
        return "one of " + ", ".join(str(arg) for arg in args)
    if origin is tuple:
        inner = [describe(arg) for arg in args if arg is not Ellipsis]
        return f"a list of {inner[0]}" if Ellipsis in args else "a list [" + ", ".join(inner) + "]"
    if origin is dict or hint is dict:
        return "a mapping"
    names = {int: "an integer", float: "a number", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(hint, getattr(hint, "__name__", str(hint)))


def documented(recipe: type) -> dict[str, str]:
    """What the docstrings of a class and its bases say of each argument, on one line; the nearest class wins."""
    found: dict[str, str] = {}
    for cls in recipe.__mro__:
        _, _, told = inspect.cleandoc(vars(cls).get("__doc__") or "").partition("\nArgs:\n")
        entries = re.split(r"^ {4}(?=\w+: )", re.split(r"\n(?! )", told)[0], flags=re.MULTILINE)[1:]
        found = {name: " ".join(text.split()) for name, _, text in (entry.partition(": ") for entry in entries)} | found
    return found


def _fits(value: Any, hint: Any) -> bool:
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin is Annotated:
        return _fits(value, args[0]) and (value is None or all(rule.holds(value) for rule in args[1:]))
    if origin in (Union, types.UnionType):
        return any(_fits(value, arg) for arg in args)
    if origin is Literal:
        return any(value == arg and type(value) is type(arg) for arg in args)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if Ellipsis in args:
            return all(_fits(item, args[0]) for item in value)
        return len(value) == len(args) and all(_fits(item, arg) for item, arg in zip(value, args, strict=True))
    if origin is dict or hint is dict:
        return isinstance(value, dict)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)


def _coerce(value: Any, hint: Any) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _coerce(value, args[0])
    if origin in (Union, types.UnionType):
        for arg in args:
            candidate = _coerce(value, arg)
            if _fits(candidate, arg):
                return candidate
        return value
    if origin is tuple and isinstance(value, list | tuple):
        inner = [args[0]] * len(value) if Ellipsis in args else args
        if len(inner) == len(value):
            return tuple(_coerce(item, arg) for item, arg in zip(value, inner, strict=True))
        return tuple(value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value
