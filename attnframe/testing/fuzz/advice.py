"""Taking a refusal at its word: what it says would work must work."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from attnframe.errors import ConfigurationError, UnsupportedError
from attnframe.recipe import construct, defaults, hints
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.registry import attention_variants
from attnframe.testing.fuzz.request import CacheName, Request

_OVERRIDE = re.compile(r"\battention(?:\.(\w+))?=([\w.]+\w|\w)")

Serve = Callable[[Request, AttentionVariant], object]
"""What comes of a request to a variant: a refusal, or something else."""


def follow(
    error: UnsupportedError, request: Request, recipe: AttentionVariant, serve: Serve, again: bool = True
) -> None:
    """Try the overrides that a refusal names; one of them must not be refused.

    Args:
        error: the refusal. request: what was refused. recipe: the variant with its fields.
        serve: makes another request to another variant.
        again: whether a second refusal, for another reason, is followed too.

    Raises:
        AssertionError: when none of them works.
    """
    if request.wrong or len(error.faults) > 1:
        return
    overrides = _OVERRIDE.findall(error.faults[0].works)
    if not overrides:
        return
    told = []
    for field, value in overrides:
        try:
            changed = _changed(recipe, field, value)
        except ConfigurationError as other:
            told.append(f"{field or 'attention'}={value}: {other}")
            continue
        cache: CacheName = "own" if request.steps and request.causal else "none"
        steps = request.steps if cache == "own" else ()
        answer = serve(replace(request, cache=cache, steps=steps, variant=type(changed)), changed)
        if not isinstance(answer, UnsupportedError):  # Any other error is about another part of the request.
            return
        if again and _part(answer) != _part(error):
            follow(answer, request, changed, serve, again=False)
            return
        told.append(f"{field or 'attention'}={value}: {answer}")
    raise AssertionError(f"no advice of '{error}' works: {told}")


def _part(error: UnsupportedError) -> str:
    """What a refusal is about: ``attention``, ``attention.backend``, ``position``, …"""
    return error.faults[0].where.partition(" ")[0]


def _changed(recipe: AttentionVariant, field: str, value: str) -> AttentionVariant:
    """The recipe with another field, or another variant with as many heads."""
    if not field:
        other = attention_variants()[value]
        return construct(other, {"num_heads": recipe.num_heads})
    fields: dict[str, Any] = {name: getattr(recipe, name) for name in defaults(type(recipe))}
    known = hints(type(recipe))
    assert field in known, f"{type(recipe).__name__} has no field {field}"
    return construct(type(recipe), {**fields, field: int(value) if value.isdigit() else value})
