"""Masks as functions of four indices, and the blocks in which they show anything."""

from __future__ import annotations

import pytest
import torch
from torch.nn.attention.flex_attention import BlockMask, create_block_mask, create_mask

from attnframe.masks import (
    BlockLayout,
    BlockWindow,
    Causal,
    Dense,
    Dilated,
    Documents,
    Edges,
    Extent,
    Full,
    Function,
    Global,
    Mask,
    Padding,
    Prefix,
    RandomBlocks,
    Window,
    settle,
)
from attnframe.masks import mask_mod as module
from attnframe.masks.mask_mod import BLOCK, block_mask, mask_mod, why_no_mask_mod

B, H, L = 2, 4, 9
VALID = torch.arange(L) < torch.tensor([[9], [4]])
EDGES = Edges(torch.tensor([[0, 1], [1, 2]]), L)
MASKS: list[Mask] = [
    Full(),
    Causal(),
    Padding(VALID),
    Window(2, 1),
    Window(None, 1),
    Prefix(2),
    Prefix(torch.tensor([0, 5])),
    Documents(torch.arange(L).expand(B, -1) // 4),
    Global(1, 2),
    Global(1) & Padding(VALID.flip(1)),
    Dilated(2, 1, 2),
    Dilated(2, 1, (1, 2, 3)),
    BlockWindow(2, 1),
    BlockLayout(torch.rand(H, 5, 5, generator=torch.Generator().manual_seed(0)) < 0.5, 2),
    RandomBlocks(2, 2, seed=5),
    RandomBlocks(2, 1, causal=True) | Causal() & Window(1, 0),
    Dense(torch.rand(B, 1, L, L, generator=torch.Generator().manual_seed(1)) < 0.5),
    Function(lambda batch, head, query, key: (query + key + head + batch) % 3 != 0),
    ~(Causal() & Window(3, 0)),
]


@pytest.mark.parametrize("mask", MASKS, ids=repr)
@pytest.mark.parametrize("bits", [torch.int32, torch.int64])
def test_is_the_mask_one_pair_at_a_time(mask: Mask, bits: torch.dtype) -> None:
    extent = Extent(B, H, L, L)
    mask = settle(mask, extent)
    function = mask_mod(mask, extent)
    found = create_mask(lambda b, h, q, k: function(b.to(bits), h.to(bits), q.to(bits), k.to(bits)), B, H, L, L, "cpu")
    assert torch.equal(found, mask.allows(extent.indices()).expand(B, H, L, L))


@pytest.mark.parametrize(
    "extent",
    [
        Extent(B, H, 3, L),
        Extent(B, H, L, L - 2),
        Extent(B, H, 2, 4, query_start=3),
        Extent(B, H, 1, 4, query_start=8, key_positions=torch.tensor([8, 5, 6, 7])),
    ],
    ids=["few queries", "few keys", "a chunk", "a ring"],
)
def test_positions_carry_order(extent: Extent) -> None:
    for mask in (Causal(), Window(2, 0), Padding(VALID), Causal() & Prefix(4) | Documents(torch.arange(L)[None] // 5)):
        found = create_mask(mask_mod(mask, extent), B, H, extent.queries, extent.keys, "cpu")
        assert torch.equal(found, mask.allows(extent.indices()).expand_as(found)), mask


@pytest.mark.parametrize("mask", [EDGES, ~EDGES, Causal() | EDGES, Window(1, 1) & (Prefix(1) | ~EDGES)], ids=repr)
def test_edges_are_refused_wherever_they_stand(mask: Mask) -> None:
    assert why_no_mask_mod(mask) == ["an Edges mask looks its pairs up in a list, which is no elementwise function"]


@pytest.mark.parametrize("mask", MASKS, ids=repr)
def test_everything_else_is_served(mask: Mask) -> None:
    assert why_no_mask_mod(mask) == []


def _same(ours: BlockMask, theirs: BlockMask) -> None:
    assert ours.shape[-2:] == theirs.shape[-2:]
    assert torch.equal(ours.to_dense().expand_as(theirs.to_dense()), theirs.to_dense())
    for name in ("kv_num_blocks", "full_kv_num_blocks", "q_num_blocks", "full_q_num_blocks"):
        one, other = getattr(ours, name), getattr(theirs, name)
        assert torch.equal(one.expand_as(other), other), name
    for name in ("kv_indices", "full_kv_indices", "q_indices", "full_q_indices"):
        one, other = getattr(ours, name), getattr(theirs, name)
        counts = getattr(theirs, name.replace("indices", "num_blocks")).unsqueeze(-1)
        read = torch.arange(other.shape[-1]) < counts
        assert torch.equal(one.expand_as(other)[read], other[read]), name


@pytest.mark.parametrize(("queries", "keys"), [(300, 300), (130, 256), (256, 128), (1, 200), (200, 100)])
@pytest.mark.parametrize("chunk", [1, 2**23])
def test_blocks_are_those_of_torch(monkeypatch: pytest.MonkeyPatch, queries: int, keys: int, chunk: int) -> None:
    monkeypatch.setattr(module, "CHUNK", chunk)
    for mask in (Full(), Causal(), Window(100, 30), Causal() | Prefix(150), Padding(torch.arange(keys)[None] < 130)):
        extent = Extent(1, 2, queries, keys, query_start=keys - queries)
        theirs = create_block_mask(mask_mod(mask, extent), 1, 2, queries, keys, device="cpu")
        _same(module.make_block_mask(mask, extent), theirs)


def test_what_is_the_same_for_all_rows_and_heads_is_looked_at_once() -> None:
    extent = Extent(B, H, 2 * BLOCK, 2 * BLOCK)
    assert block_mask(Causal(), extent).kv_num_blocks.shape == (1, 1, 2)
    valid = torch.arange(2 * BLOCK) < torch.tensor([[BLOCK], [2 * BLOCK]])
    found = block_mask(Padding(valid), extent)
    assert found.kv_num_blocks.tolist() == [[[0, 0]], [[0, 0]]]
    assert found.full_kv_num_blocks.tolist() == [[[1, 1]], [[2, 2]]]


def test_time_is_saved_where_nothing_is_shown() -> None:
    found = block_mask(Window(BLOCK, 0), Extent(B, H, 8 * BLOCK, 8 * BLOCK))
    assert int(found.kv_num_blocks.sum() + found.full_kv_num_blocks.sum()) <= 3 * 8
