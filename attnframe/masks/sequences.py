"""A mask as what flash attention takes: sequences of queries and keys put end to end, and one window for all."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.masks.algebra import terms
from attnframe.masks.base import Extent, Indices, Mask
from attnframe.masks.causal import Causal
from attnframe.masks.documents import Documents
from attnframe.masks.kept import kept
from attnframe.masks.padding import Padding
from attnframe.masks.shapes import look_up
from attnframe.masks.window import Window


@dataclass(frozen=True)
class Sequences:
    """Queries and keys of a call as sequences put end to end.

    A query may attend the keys of its own sequence that lie in the window, where the last query of a sequence stands at
    its last key.

    Args:
        queries: (B * T,) which query, b * T + t, stands where; None when they keep their order.
        keys: (N,) which key, b * S + s, stands where; a hidden one stands nowhere. None when all keep their order.
        query_ends: (n + 1,) int32: sequence i has the queries from query_ends[i] to query_ends[i + 1] - 1.
        key_ends: (n + 1,) int32, likewise.
        most_queries: of one sequence. most_keys: likewise.
        left: keys visible before the query's own; -1 for all. right: after it.
        blind: (B * T,) True for a query, in their order here, whose sequence has no key; None when every one has.
    """

    queries: Tensor | None
    keys: Tensor | None
    query_ends: Tensor
    key_ends: Tensor
    most_queries: int
    most_keys: int
    left: int = -1
    right: int = -1
    blind: Tensor | None = None


def why_no_sequences(mask: Mask, extent: Extent) -> list[str]:
    """Every reason why a mask is no such form, from the kinds of its terms and the sizes; empty when it is one."""
    found = terms(mask)
    others = {type(term).__name__: None for term in found if type(term) not in (Causal, Window, Padding, Documents)}
    reasons = [f"a mask of the kind {name} is no form of sequences with a window" for name in others]
    left, right = _window(found, extent)
    if left < 0 and right < 0:
        return reasons
    if extent.key_positions is not None or extent.start != extent.keys - extent.queries:
        reasons.append("the last query does not stand at the last key")
    if any(type(term) is Padding for term in found):
        reasons.append("keys left out as padding would shift a causal mask or window")
    documents = [term for term in found if isinstance(term, Documents)]
    if documents and (left >= 0 or right > 0):
        reasons.append("documents put together from pieces would shift a window")
    if any(term.key_ids is not None for term in documents):
        reasons.append("queries and keys of a document are counted apart, so their order is not known")
    return reasons


def find_sequences(mask: Mask, extent: Extent) -> Sequences:
    """The sequences of a settled mask that has them (`why_no_sequences`).

    With `Padding` or `Documents` their lengths are read from the mask (a synchronisation on an accelerator).
    """
    found, device = terms(mask), extent.device
    left, right = _window(found, extent)
    padding = [term for term in found if isinstance(term, Padding)]
    documents = [term for term in found if isinstance(term, Documents)]
    if not padding and not documents:
        rows = torch.arange(extent.batch + 1, dtype=torch.int32, device=device)
        ends = rows * extent.queries, rows * extent.keys
        return Sequences(None, None, *ends, extent.queries, extent.keys, left, right)
    at = extent.indices()
    of_query, of_key, count = _numbered(documents, at, extent)
    shown = torch.ones(extent.batch, extent.keys, dtype=torch.bool, device=device)
    for term in padding:
        shown = shown & term.allows(at)[:, 0, 0]
    standing = shown.flatten().nonzero().flatten()
    queries, query_counts = _in_order(of_query, count)
    keys, key_counts = _in_order(of_key[standing], count)
    keys = standing if keys is None else standing[keys]
    most_queries, most_keys, least_keys = torch.stack(
        [query_counts.amax(), key_counts.amax(), key_counts.masked_fill(query_counts == 0, extent.keys).amin()]
    ).tolist()
    blind = None
    if least_keys == 0:
        blind = (key_counts == 0)[of_query if queries is None else of_query[queries]]
    whole = len(keys) == extent.batch * extent.keys and _stands_still(keys)
    return Sequences(
        queries,
        None if whole else keys,
        _ends(query_counts),
        _ends(key_counts),
        most_queries,
        most_keys,
        left,
        right,
        blind,
    )


sequences = kept(find_sequences)
"""`find_sequences`, which keeps the forms of the last few masks."""


def _window(found: tuple[Mask, ...], extent: Extent) -> tuple[int, int]:
    """Keys visible before and after the query's own in the order of a sequence; -1 for all."""
    lefts = [term.left for term in found if isinstance(term, Window) and term.left is not None]
    rights = [term.right for term in found if isinstance(term, Window) and term.right is not None]
    lone = extent.queries == 1 and extent.key_positions is None and extent.start == extent.keys - 1
    if any(isinstance(term, Causal) for term in found) and not lone:
        rights.append(0)
    return min(lefts, default=-1), min(rights, default=-1)


def _numbered(documents: list[Documents], at: Indices, extent: Extent) -> tuple[Tensor, Tensor, int]:
    """The sequence (B * T,) of each query and (B * S,) of each key, and how many there are."""
    batch, split = extent.batch, extent.batch * extent.queries
    row = torch.arange(batch, device=extent.device).unsqueeze(1)
    both = torch.cat([row.expand(-1, extent.queries).flatten(), row.expand(-1, extent.keys).flatten()])
    count = batch
    for term in documents:
        if term.key_ids is None:
            pairs = (term.query_ids, at.query_position), (term.query_ids, at.key_position)
        else:
            pairs = (term.query_ids, at.query), (term.key_ids, at.key_position)
        ids = torch.cat([look_up(tensor, at.batch, place).flatten() for tensor, place in pairs])
        number = torch.unique(ids, return_inverse=True)[1]
        both = torch.unique(both * (number.amax() + 1) + number, return_inverse=True)[1]
        count = int(both.amax()) + 1
    return both[:split], both[split:], count


def _in_order(numbers: Tensor, count: int) -> tuple[Tensor | None, Tensor]:
    """How to put tokens of numbered sequences in order, None when they are, and how many each sequence has."""
    order = numbers.argsort(stable=True)
    return None if _stands_still(order) else order, torch.bincount(numbers, minlength=count)


def _stands_still(order: Tensor) -> bool:
    return torch.equal(order, torch.arange(len(order), device=order.device))


def _ends(counts: Tensor) -> Tensor:
    return F.pad(counts.cumsum(0), (1, 0)).int()
