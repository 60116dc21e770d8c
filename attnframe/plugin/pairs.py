"""Which attention variants and position schemes go together for a task, and what works instead. Torch-free."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from attnframe.errors import ConfigurationError, Fault
from attnframe.plugin.contract import DataRecipe, Parts, Task
from attnframe.recipe import Recipe, construct, hints
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities
from attnframe.recipes.position.base import KINDS, PositionScheme, View

R = TypeVar("R", bound=Recipe)

VIEWS: tuple[View, ...] = ("relative", "bias", "rotary", "input", "none")
"""Ways in which a position enters, near ones side by side."""
FUNCTION = ("exact", "shares", "equivariant")
"""Capabilities that tell what function a variant computes; among equals an exact softmax is the nearest."""
PLAIN = "mha"
"""The variant to advise among equals."""


@dataclass(frozen=True)
class Choices:
    """What can be chosen instead: variants and schemes by name."""

    attention: Mapping[str, type[AttentionVariant]]
    position: Mapping[str, type[PositionScheme]]


def part_faults(task: Task, parts: Parts, data: DataRecipe, choices: Choices) -> list[Fault]:
    """What is wrong with checked parts taken together, each refused pair with the nearest override that works.

    Args:
        task: the task, whose needs and own checks count.
        parts: attention, position and model, each right by itself.
        data: the data recipe.
        choices: the variants and schemes among which an alternative is sought.
    """
    refused = [*pair_faults(task, parts, data)]
    found = []
    if refused:
        works = nearest(task, parts, data, choices)
        found = [dataclasses.replace(fault, works=works) for fault in refused]
    return [*found, *width_faults(parts), *task.faults(parts, data)]


def pair_faults(task: Task, parts: Parts, data: DataRecipe) -> Iterator[Fault]:
    """Each capability that the task or the position scheme asks for and the variant does not have, and the kind of
    positions that the scheme reads and the task does not provide with these data.
    """
    attention, position = parts.attention, parts.position
    for unmet in task.needs(parts.model).unmet(attention.capabilities):
        yield Fault(f"attention={attention.name}", f"cannot serve task={task.name}, which needs {unmet}")
    provides = task.provides_with(data)
    if position.reads is not None and position.reads not in provides:
        provided = " and ".join(KINDS[kind] for kind in KINDS if kind in provides) or "no positions"
        giver = f"data={data.name}" if position.reads in task.provides else f"task={task.name}"
        must = f"reads {KINDS[position.reads]}, which {giver} does not provide; it provides {provided}"
        yield Fault(f"position={position.name}", must)
    pair = f"attention={attention.name} position={position.name}"
    if position.view in ("bias", "relative") and not attention.capabilities.bias:
        yield Fault(pair, f"is refused: {attention.name} forms no scores that a position bias could be added to")
    elif position.view == "relative" and not attention.capabilities.relative:
        yield Fault(pair, f"is refused: {attention.name} keeps no queries that a position could read")
    if position.view == "rotary" and not attention.capabilities.rotary:
        yield Fault(pair, f"is refused: {attention.name} has no queries and keys to rotate")


def width_faults(parts: Parts) -> Iterator[Fault]:
    """What is wrong with variant and scheme at the model's width."""
    found = [*parts.attention.width_faults(parts.model.dim)]
    yield from found
    if not found:
        yield from parts.position.width_faults(parts.attention.rotary_width(parts.model.dim))


def nearest(task: Task, parts: Parts, data: DataRecipe, choices: Choices) -> str:
    """The overrides nearest to `parts` that work: another position first, else another variant, else both."""
    tolerated = {_key(fault) for fault in (*width_faults(parts), *task.faults(parts, data))}

    def works(candidate: Parts) -> bool:
        others = (*width_faults(candidate), *task.faults(candidate, data))
        return not any(pair_faults(task, candidate, data)) and all(_key(fault) in tolerated for fault in others)

    positions = [*_like(parts.position, _nearest_schemes(parts.position, choices.position))]
    attentions = [*_like(parts.attention, _nearest_variants(parts.attention, choices.attention))]
    found = [
        next((f"position={p.name}" for p in positions if works(dataclasses.replace(parts, position=p))), None),
        next((f"attention={a.name}" for a in attentions if works(dataclasses.replace(parts, attention=a))), None),
    ]
    if not any(found):
        both = ((a, p) for a in attentions for p in positions)
        pairs = ((a, p) for a, p in both if works(dataclasses.replace(parts, attention=a, position=p)))
        found = [next((f"attention={a.name} position={p.name}" for a, p in pairs), None)]
    named = [override for override in found if override]
    return f"Works: {' or '.join(named)}." if named else "No installed variant works with these settings."


def _key(fault: Fault) -> str:
    """The configuration key of a fault, without the class that it names."""
    return fault.where.partition(" ")[0]


def _nearest_schemes(
    chosen: PositionScheme, schemes: Mapping[str, type[PositionScheme]]
) -> Iterable[type[PositionScheme]]:
    start = VIEWS.index(chosen.view)
    return sorted(
        (scheme for name, scheme in schemes.items() if name != chosen.name),
        key=lambda scheme: (
            (VIEWS.index(scheme.view) - start) % len(VIEWS),
            scheme.reads != chosen.reads,
            scheme.name,
        ),
    )


def _nearest_variants(
    chosen: AttentionVariant, variants: Mapping[str, type[AttentionVariant]]
) -> Iterable[type[AttentionVariant]]:
    return sorted(
        (variant for name, variant in variants.items() if name != chosen.name),
        key=lambda variant: (
            _differences(variant.capabilities, chosen.capabilities),
            not variant.capabilities.exact,
            variant.name != PLAIN,
            len(hints(variant)),
        ),
    )


def _differences(first: Capabilities, second: Capabilities) -> int:
    """In how much of what they can do, besides what function they compute, two variants differ."""
    names = [field.name for field in dataclasses.fields(Capabilities) if field.name not in FUNCTION]
    return sum(getattr(first, name) != getattr(second, name) for name in names)


def _like(chosen: Recipe, classes: Iterable[type[R]]) -> Iterator[R]:
    """Each class with the fields that it shares with `chosen`, or else its defaults; left out when neither is right."""
    for cls in classes:
        shared = {name: getattr(chosen, name) for name in hints(cls) if hasattr(chosen, name)}
        for values in (shared, {}):
            try:
                yield construct(cls, values)
            except ConfigurationError:
                continue
            break
