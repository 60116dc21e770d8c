"""The mask contract: who may see whom. True means "may attend", everywhere; axes are (B, H, T, S).

A mask is an immutable rule that answers elementwise for index tensors, so that one definition serves a query chunk, a
whole bool tensor and flex attention's mask_mod. Positions, not rows, carry order: query i of T stands at position i + S
- T unless the extent says otherwise (lower-right alignment), and a key stands at its row unless the extent gives its
position (ring cache).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from attnframe.errors import Fault

if TYPE_CHECKING:
    from attnframe.masks.places import Places
    from attnframe.masks.reach import Reach

_CPU = torch.device("cpu")


@dataclass(frozen=True)
class Extent:
    """Sizes and positions that a mask is lowered for.

    Args:
        batch: B. heads: H. queries: T. keys: S.
        query_start: position of query row 0 in key coordinates; None for S - T.
        key_positions: (S,) integer positions of the keys, when they are not 0..S-1 (ring cache).
        device: where index tensors are made.
    """

    batch: int
    heads: int
    queries: int
    keys: int
    query_start: int | None = None
    key_positions: Tensor | None = None
    device: torch.device = _CPU

    @property
    def start(self) -> int:
        """Position of query row 0."""
        return self.keys - self.queries if self.query_start is None else self.query_start

    def indices(self, rows: slice | None = None) -> Indices:
        """Index tensors for all query rows or a chunk of them, shaped to broadcast to (B, H, T, S)."""
        span = range(self.queries) if rows is None else range(self.queries)[rows]
        query = torch.arange(span.start, span.stop, device=self.device).view(1, 1, -1, 1)
        key = torch.arange(self.keys, device=self.device).view(1, 1, 1, -1)
        return Indices(
            batch=torch.arange(self.batch, device=self.device).view(-1, 1, 1, 1),
            head=torch.arange(self.heads, device=self.device).view(1, -1, 1, 1),
            query=query,
            key=key,
            query_position=query + self.start,
            key_position=key if self.key_positions is None else self.key_positions.view(1, 1, 1, -1),
        )


@dataclass(frozen=True)
class Indices:
    """Broadcastable integer index tensors of one lowering; rows index the tensors handed in, positions carry order.

    Args:
        batch: batch row. head: query head. query: query row. key: key row.
        query_position: position of the query, from the extent's start. key_position: position of the key.
    """

    batch: Tensor
    head: Tensor
    query: Tensor
    key: Tensor
    query_position: Tensor
    key_position: Tensor

    def select(self, **changed: Tensor) -> Indices:
        """A copy with some index tensors replaced."""
        return replace(self, **changed)


@dataclass(frozen=True, eq=False, repr=False)
class Mask(ABC):
    """A rule that says which key a query may attend. Immutable; join with ``&``, ``|``, ``~``.

    Tensors that a mask holds are indexed by batch row, head, query row and key *position*, so a mask over the whole
    sequence stays right for a cache that holds only its last keys. Two masks are equal when they are the same rule over
    the same tensor objects.
    """

    @abstractmethod
    def allows(self, at: Indices) -> Tensor:
        """Bool tensor, broadcastable to (B, H, T, S): True where the query may attend the key."""

    @property
    def sees_self(self) -> bool:
        """Whether every query surely may attend the key at its own position, if there is one."""
        return False

    def may_hide_all(self, extent: Extent) -> bool:
        """Whether some query may see no key; decided from sizes alone: False is a promise, True a possibility."""
        inside = extent.key_positions is None and extent.start >= 0 and extent.start + extent.queries <= extent.keys
        return not (self.sees_self and inside)

    def faults(self, extent: Extent) -> Iterable[Fault]:
        """Why this mask does not fit the sizes of `extent`."""
        return ()

    def settled(self, places: Places) -> Mask:
        """This mask with its parts that count from the first real token told where that is (`masks.settle`)."""
        return self

    def tabled(self, extent: Extent) -> Mask:
        """This mask for the rows of one call, with what is dear to work out for every single pair in tables; for
        kernels that look at one pair at a time.
        """
        return self

    def reach(self, causal: bool = False, head: int = 0) -> Reach | None:
        """Which keys neighbouring queries see at most; None when that may be all, or cannot be told from numbers.

        Args:
            causal: whether keys after the query are hidden by another part of the mask.
            head: the query head that it is asked for.
        """
        return None

    def query_run(self, tokens: int | None) -> int:
        """Length r of runs of queries that surely see the same keys: those at places n r to n r + r - 1; 0 where all
        do, and 1 is no promise.

        Args:
            tokens: of each row, from the first to the last real one; None when not known or not the same in all.
        """
        return 1

    def to(self, device: torch.device | str) -> Mask:
        """This mask with its tensors on another device."""
        moved = object.__new__(type(self))  # Without what a mask has worked out from its tensors.
        for field in fields(self):
            object.__setattr__(moved, field.name, _moved(getattr(self, field.name), device))
        return moved

    def __and__(self, other: Mask) -> Mask:
        from attnframe.masks.algebra import conjunction

        return conjunction(self, other)

    def __or__(self, other: Mask) -> Mask:
        from attnframe.masks.algebra import disjunction

        return disjunction(self, other)

    def __invert__(self) -> Mask:
        from attnframe.masks.algebra import negation

        return negation(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mask) and type(self) is type(other) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash((type(self), self._identity()))

    def __repr__(self) -> str:
        shown = (f"{field.name}={_shown(getattr(self, field.name))}" for field in fields(self) if field.repr)
        return f"{type(self).__name__}({', '.join(shown)})"

    def _identity(self) -> tuple[Any, ...]:
        values = (getattr(self, field.name) for field in fields(self))
        return tuple(id(value) if isinstance(value, Tensor) else value for value in values)


def _moved(value: Any, device: torch.device | str) -> Any:
    if isinstance(value, Tensor | Mask):
        return value.to(device)
    if isinstance(value, tuple):
        return tuple(_moved(item, device) for item in value)
    return value


def _shown(value: Any) -> str:
    if isinstance(value, Tensor):
        return f"{str(value.dtype).removeprefix('torch.')}{list(value.shape)}"
    return str(getattr(value, "__qualname__", None) or repr(value))
