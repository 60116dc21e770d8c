"""The algebra of masks: conjunction, disjunction, negation, and what a planner asks of a whole expression."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.masks.base import Extent, Indices, Mask
from attnframe.masks.causal import Causal
from attnframe.masks.full import Full
from attnframe.masks.padding import Padding
from attnframe.masks.places import Places, settle
from attnframe.masks.reach import Reach, joined, narrowest


@dataclass(frozen=True, eq=False, repr=False)
class And(Mask):
    """A query may attend a key when every member allows it. Made by ``a & b``.

    Args:
        members: the joined masks, themselves no `And` and no `Full` when made by ``&``.
    """

    members: tuple[Mask, ...]

    def allows(self, at: Indices) -> Tensor:
        return reduce(torch.Tensor.logical_and, (member.allows(at) for member in self.members))

    @property
    def sees_self(self) -> bool:
        return all(member.sees_self for member in self.members)

    def faults(self, extent: Extent) -> Iterable[Fault]:
        return [fault for member in self.members for fault in member.faults(extent)]

    def settled(self, places: Places) -> Mask:
        members = tuple(member.settled(places) for member in self.members)
        return self if all(map(operator.is_, members, self.members)) else And(members)

    def query_run(self, tokens: int | None) -> int:
        return math.gcd(*(member.query_run(tokens) for member in self.members))

    def tabled(self, extent: Extent) -> Mask:
        return And(tuple(member.tabled(extent) for member in self.members))

    def reach(self, causal: bool = False, head: int = 0) -> Reach | None:
        causal = causal or any(isinstance(member, Causal) for member in self.members)
        return narrowest(member.reach(causal, head) for member in self.members)

    def __repr__(self) -> str:
        return " & ".join(f"({member!r})" if isinstance(member, Or) else repr(member) for member in self.members)


@dataclass(frozen=True, eq=False, repr=False)
class Or(Mask):
    """A query may attend a key when some member allows it. Made by ``a | b``.

    Args:
        members: the joined masks, themselves no `Or` when made by ``|``.
    """

    members: tuple[Mask, ...]

    def allows(self, at: Indices) -> Tensor:
        return reduce(torch.Tensor.logical_or, (member.allows(at) for member in self.members))

    @property
    def sees_self(self) -> bool:
        return any(member.sees_self for member in self.members)

    def may_hide_all(self, extent: Extent) -> bool:
        return all(member.may_hide_all(extent) for member in self.members)

    def faults(self, extent: Extent) -> Iterable[Fault]:
        return [fault for member in self.members for fault in member.faults(extent)]

    def settled(self, places: Places) -> Mask:
        members = tuple(member.settled(places) for member in self.members)
        return self if all(map(operator.is_, members, self.members)) else Or(members)

    def query_run(self, tokens: int | None) -> int:
        return math.gcd(*(member.query_run(tokens) for member in self.members))

    def tabled(self, extent: Extent) -> Mask:
        return Or(tuple(member.tabled(extent) for member in self.members))

    def reach(self, causal: bool = False, head: int = 0) -> Reach | None:
        return joined(member.reach(causal, head) for member in self.members)

    def __repr__(self) -> str:
        return " | ".join(f"({member!r})" if isinstance(member, And) else repr(member) for member in self.members)


@dataclass(frozen=True, eq=False, repr=False)
class Not(Mask):
    """A query may attend a key exactly when `inner` does not allow it. Made by ``~a``.

    Args:
        inner: the negated mask.
    """

    inner: Mask

    def allows(self, at: Indices) -> Tensor:
        return ~self.inner.allows(at)

    def faults(self, extent: Extent) -> Iterable[Fault]:
        return self.inner.faults(extent)

    def settled(self, places: Places) -> Mask:
        inner = self.inner.settled(places)
        return self if inner is self.inner else Not(inner)

    def query_run(self, tokens: int | None) -> int:
        return self.inner.query_run(tokens)

    def tabled(self, extent: Extent) -> Mask:
        return Not(self.inner.tabled(extent))

    def __repr__(self) -> str:
        return f"~({self.inner!r})" if isinstance(self.inner, And | Or) else f"~{self.inner!r}"


def conjunction(*masks: Mask) -> Mask:
    """All of `masks`: nested conjunctions are flattened, `Full` and repeated members dropped."""
    members = tuple(dict.fromkeys(member for mask in masks for member in terms(mask)))
    if not members:
        return Full()
    return members[0] if len(members) == 1 else And(members)


def disjunction(*masks: Mask) -> Mask:
    """Any of `masks`: nested disjunctions are flattened, repeated members dropped, and `Full` absorbs all."""
    flat = (member for mask in masks for member in (mask.members if isinstance(mask, Or) else (mask,)))
    members = tuple(dict.fromkeys(flat))
    if any(isinstance(member, Full) for member in members):
        return Full()
    return members[0] if len(members) == 1 else Or(members)


def negation(mask: Mask) -> Mask:
    """The complement of `mask`; a double negation is the mask itself."""
    return mask.inner if isinstance(mask, Not) else Not(mask)


def terms(mask: Mask) -> tuple[Mask, ...]:
    """The members of a conjunction, in order: () for `Full`, (mask,) for any other mask."""
    if isinstance(mask, And):
        return tuple(term for member in mask.members for term in terms(member))
    return () if isinstance(mask, Full) else (mask,)


def leaves(mask: Mask) -> Iterator[Mask]:
    """Every mask that an expression is made of, under conjunctions, disjunctions and negations."""
    if isinstance(mask, Not):
        yield from leaves(mask.inner)
    elif isinstance(mask, And | Or):
        for member in mask.members:
            yield from leaves(member)
    else:
        yield mask


def key_padding(mask: Mask) -> Padding | None:
    """The real keys by every `Padding` term of a conjunction, as one `Padding`; None when there is no such term."""
    found = [term.valid for term in terms(mask) if isinstance(term, Padding)]
    return Padding(reduce(torch.Tensor.logical_and, found)) if found else None


def check(mask: Mask, extent: Extent) -> None:
    """Hold a mask against the sizes that it is to be used with.

    Raises:
        ConfigurationError: with every tensor of the mask whose shape or device does not fit.
    """
    found = list(mask.faults(extent))
    if found:
        raise ConfigurationError(found)


def lower(mask: Mask, extent: Extent, rows: slice | None = None) -> Tensor:
    """Write a mask out as a bool tensor.

    Args:
        mask: the rule.
        extent: sizes and positions.
        rows: query rows wanted; None for all.

    Returns:
        Bool tensor of rank 4, broadcastable to (B, H, rows, S): True where the query may attend the key.

    Raises:
        ConfigurationError: when the mask does not fit the extent.
    """
    check(mask, extent)
    return settle(mask, extent).allows(extent.indices(rows))
