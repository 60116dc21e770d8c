"""Masks as sequences of queries and keys with one window."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from attnframe.masks import (
    Causal,
    Dense,
    Documents,
    Edges,
    Extent,
    Full,
    Function,
    Mask,
    Padding,
    Prefix,
    Window,
)
from attnframe.masks.sequences import Sequences, sequences, why_no_sequences

B, L = 3, 7
VALID = torch.tensor([[1, 1, 1, 1, 1, 1, 1], [0, 1, 0, 1, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0]]).bool()
RUNS = torch.tensor([[4, 4, 4, 2, 2, 9, 9], [0, 0, 0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6, 7]])
PIECES = torch.tensor([[4, 2, 4, 2, 9, 9, 4], [0, 0, 1, 1, 0, 0, 0], [-1, 2, 3, -1, 3, 2, 3]])


def shown(parts: Sequences, extent: Extent) -> Tensor:
    """What sequences and their window show, by the definition of flash attention's arguments: (B, T, B, S)."""
    visible = torch.zeros(extent.batch * extent.queries, extent.batch * extent.keys, dtype=torch.bool)
    queries = torch.arange(len(visible)) if parts.queries is None else parts.queries
    keys = torch.arange(visible.shape[1]) if parts.keys is None else parts.keys
    for i in range(len(parts.query_ends) - 1):
        rows = queries[parts.query_ends[i] : parts.query_ends[i + 1]]
        columns = keys[parts.key_ends[i] : parts.key_ends[i + 1]]
        assert len(rows) <= parts.most_queries
        assert len(columns) <= parts.most_keys
        own = torch.arange(len(rows)).unsqueeze(1) + len(columns) - len(rows)
        offset = torch.arange(len(columns)) - own
        inside = torch.ones_like(offset, dtype=torch.bool)
        if parts.left >= 0:
            inside &= offset >= -parts.left
        if parts.right >= 0:
            inside &= offset <= parts.right
        visible[rows.unsqueeze(1), columns] = inside
    return visible.view(extent.batch, extent.queries, extent.batch, extent.keys)


def holds(mask: Mask, extent: Extent) -> Sequences:
    """The sequences of a mask, after they were held against it."""
    assert why_no_sequences(mask, extent) == []
    parts = sequences(mask, extent)
    found = shown(parts, extent)
    row = torch.arange(extent.batch)
    allowed = mask.allows(extent.indices())[:, 0].expand(extent.batch, extent.queries, extent.keys)
    assert torch.equal(found[row, :, row], allowed)
    found[row, :, row] = False
    assert not found.any(), "a query sees another row"
    if parts.blind is not None:
        order = torch.arange(found.shape[0] * found.shape[1]) if parts.queries is None else parts.queries
        assert torch.equal(parts.blind, ~allowed.flatten(0, 1).any(-1)[order])
    return parts


@pytest.mark.parametrize(
    "mask",
    [
        Full(),
        Causal(),
        Window(2, 1),
        Window(2, None),
        Window(None, 1),
        Window(None, None),
        Window(3, 3) & Window(2, None) & Causal(),
        Padding(VALID),
        Padding(VALID[:1]),
        Padding(VALID) & Padding(VALID.flip(0)) & Window(None, None),
        Documents(RUNS),
        Documents(PIECES),
        Documents(PIECES[:1]),
        Documents(PIECES) & Documents(RUNS),
        Documents(PIECES) & Padding(VALID),
        Causal() & Documents(RUNS),
        Causal() & Documents(PIECES),
        Window(None, 0) & Documents(PIECES) & Documents(RUNS),
        Documents(RUNS, PIECES),
        Documents(RUNS, PIECES) & Padding(VALID),
    ],
    ids=repr,
)
def test_shows_what_the_mask_shows(mask: Mask) -> None:
    holds(mask, Extent(B, 2, L, L))


@pytest.mark.parametrize("queries", [1, 3])
@pytest.mark.parametrize(
    "mask", [Causal(), Window(2, 0), Causal() & Documents(PIECES), Documents(RUNS), Padding(VALID)], ids=repr
)
def test_the_last_queries_of_a_sequence(mask: Mask, queries: int) -> None:
    holds(mask, Extent(B, 2, queries, L))


def test_one_query_at_the_end_may_join_padding_with_causality() -> None:
    parts = holds(Causal() & Padding(VALID), Extent(B, 2, 1, L))
    assert (parts.left, parts.right) == (-1, -1)


def test_queries_without_keys_are_told() -> None:
    parts = holds(Padding(VALID), Extent(B, 2, 2, L))
    assert parts.blind.tolist() == [False, False, False, False, True, True]
    assert holds(Documents(RUNS), Extent(B, 2, L, L)).blind is None
    assert holds(Documents(RUNS, RUNS + 3), Extent(B, 2, L, L)).blind.sum() == 17


def test_more_queries_than_keys() -> None:
    holds(Causal(), Extent(B, 2, L, 4))
    holds(Documents(RUNS, RUNS[:, :3]) & Padding(VALID[:, :3]), Extent(B, 2, L, 3))


def test_what_stands_in_order_is_not_moved() -> None:
    extent = Extent(B, 2, L, L)
    for mask in (Causal(), Documents(torch.tensor([[1, 1, 2, 2, 2, 3, 3]])), Padding(torch.ones_like(VALID))):
        parts = holds(mask, extent)
        assert parts.queries is None
        assert parts.keys is None
    assert holds(Padding(VALID), extent).queries is None
    assert holds(Documents(PIECES), extent).queries is not None


def test_a_ring_is_served_where_order_is_nothing() -> None:
    extent = Extent(B, 2, 1, 4, query_start=6, key_positions=torch.tensor([4, 5, 6, 3]))
    holds(Padding(VALID), extent)
    holds(Documents(PIECES), extent)
    assert why_no_sequences(Causal(), extent) == ["the last query does not stand at the last key"]


@pytest.mark.parametrize(
    ("mask", "reasons"),
    [
        (Prefix(2), ["a mask of the kind Prefix is no form of sequences with a window"]),
        (Causal() | Prefix(2), ["a mask of the kind Or is no form of sequences with a window"]),
        (~Causal(), ["a mask of the kind Not is no form of sequences with a window"]),
        (
            Dense(torch.ones(L, L, dtype=torch.bool)) & Causal() & Function(lambda b, h, q, k: q == k),
            [f"a mask of the kind {name} is no form of sequences with a window" for name in ("Dense", "Function")],
        ),
        (
            Edges(torch.tensor([[0], [1]]), L) & Padding(VALID),
            ["a mask of the kind Edges is no form of sequences with a window"],
        ),
        (Causal() & Padding(VALID), ["keys left out as padding would shift a causal mask or window"]),
        (Window(2, 2) & Padding(VALID), ["keys left out as padding would shift a causal mask or window"]),
        (Documents(RUNS) & Window(2, 0), ["documents put together from pieces would shift a window"]),
        (Documents(RUNS) & Window(None, 1), ["documents put together from pieces would shift a window"]),
        (
            Documents(RUNS, RUNS) & Causal(),
            ["queries and keys of a document are counted apart, so their order is not known"],
        ),
    ],
    ids=repr,
)
def test_what_sequences_cannot_express_is_refused(mask: Mask, reasons: list[str]) -> None:
    assert why_no_sequences(mask, Extent(B, 2, L, L)) == reasons


def test_a_chunk_of_queries_is_refused_where_order_counts() -> None:
    extent = Extent(B, 2, 3, L, query_start=2)
    assert why_no_sequences(Window(2, 0), extent) == ["the last query does not stand at the last key"]
    holds(Padding(VALID), extent)
