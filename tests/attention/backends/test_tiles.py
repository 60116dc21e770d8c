"""Sparse attention in tiles equals the same mask evaluated for all pairs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from attnframe.attention.backends.base import Pattern, Weighting
from attnframe.attention.backends.eager import Eager
from attnframe.attention.backends.tiles import Tiles
from attnframe.attention.backends.tiling import indices, lay_out
from attnframe.attention.mixer import PositionBias
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.normalisers import Normaliser, Sinks, Softmax, Sparsemax, Tempered
from attnframe.attention.scores import Additive, ScaledDot, Score, SoftCap
from attnframe.errors import UnsupportedError
from attnframe.masks import (
    BlockLayout,
    BlockWindow,
    Causal,
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
    lower,
    reach,
    settle,
)
from attnframe.positions import Alibi

Make = Callable[..., Any]

GENERATOR = torch.Generator().manual_seed(0)
LAYOUT = torch.rand(4, 16, 16, generator=GENERATOR) < 0.3
LEADING = (3, 5)
"""Padding tokens that two rows begin with."""
LEFT_PADDING = Padding(torch.arange(24) >= torch.tensor(LEADING).unsqueeze(1))
RIGHT_PADDING = Padding(torch.arange(24) < torch.tensor([[21], [17]]))
PATTERNS = [
    Window(2, 1),
    Dilated(2, 1, 3),
    Dilated(1, 1, (1, 3)),
    Window(1, 1) | Global(2),
    Window(1, 1) | Global(2, 3),
    Dilated(1, 0, (2, 1, 1, 3)) | Global(1),
    Global(3, 1),
    BlockWindow(3),
    BlockWindow(2, 1, 1) | Global(2, 2) | RandomBlocks(2, 1, skip=1, beside=1, skip_last=1),
    Window(3, 0) | RandomBlocks(3, 2, seed=5),
    BlockLayout(LAYOUT, 2),
    BlockLayout(LAYOUT[:1], 3) | Global(1),
    Causal() & (Window(2, 0) | Global(2)),
    Causal() & (BlockWindow(3, 1) | RandomBlocks(3, 1, causal=True, beside=1)),
    Causal() & (Window(2, 0) | Global(2, 3)),
    Causal() & Dilated(2, 5, 2),
    Dilated(1, 1, 2) & (Global(1) | Window(4, 4)),
]
LENGTHS = torch.tensor([[5], [9]])


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles of four queries, so that there are several."""
    monkeypatch.setattr(reach, "SMALLEST", 4)
    monkeypatch.setattr(reach, "LARGEST", 4)


def results(make: Make, length: int, mask: Mask, weighting: Weighting, **options: Any) -> list[tuple[Tensor, ...]]:
    """Output and gradients in tiles and for all pairs."""
    found = []
    mask = settle(mask, Extent(2, 4, length, length))
    for backend in (Tiles(), Eager()):
        query, key, value, call = make(length, mask=mask, **options)
        out = backend.attend(query, key, value, call, weighting)
        found.append((out, *torch.autograd.grad(out.square().sum(), (query, key, value))))
    return found


def same(found: list[tuple[Tensor, ...]]) -> None:
    for one, first in zip(*found, strict=True):
        torch.testing.assert_close(one, first)


@pytest.mark.parametrize("length", [1, 4, 7, 23])
@pytest.mark.parametrize("mask", PATTERNS, ids=repr)
@pytest.mark.parametrize("kv_heads", [1, 4])
def test_equals_all_pairs(make: Make, length: int, mask: Mask, kv_heads: int) -> None:
    same(results(make, length, mask, Weighting(ScaledDot(4), Softmax()), kv_heads=kv_heads))


@pytest.mark.parametrize("padding", [Full(), LEFT_PADDING, RIGHT_PADDING], ids=["none", "left", "right"])
@pytest.mark.parametrize("mask", PATTERNS, ids=str)
def test_queries_of_a_run_see_the_same_keys(mask: Mask, padding: Mask) -> None:
    extent, whole = Extent(2, 4, 24, 24), mask & padding
    run = whole.query_run(24 if isinstance(padding, Full) else None)
    seen = lower(settle(whole, extent), extent).expand(2, 4, 24, 24)
    for row, first in enumerate(LEADING if padding is LEFT_PADDING else (0, 0)):
        for runs in torch.split(seen[row, :, first:], run or 24, dim=1):
            assert (runs == runs[:, :1]).all()


def test_what_a_tile_sees_is_worked_out_once_where_its_queries_see_alike() -> None:
    mask = BlockWindow(4) | Global(4, 4) | RandomBlocks(4, 1, skip=1, skip_last=1)
    for whole, queries in ((mask, 1), (mask & Causal(), 4), (mask & RIGHT_PADDING, 4)):
        extent = Extent(2, 4, 24, 24)
        (tiling, *_) = lay_out(settle(whole, extent), extent)
        at, _ = indices(tiling.groups[0], tiling.heads, extent)
        assert at.query.shape[3] == queries


@pytest.mark.parametrize("mask", [Global(0), BlockLayout(torch.zeros(1, 3, 3, dtype=torch.bool), 3)], ids=repr)
def test_masks_that_show_nothing_are_left_to_others(make: Make, mask: Mask) -> None:
    query, key, value, call = make(9, mask=mask)
    assert "tiles would be empty" in SoftmaxMixer().plan(query, key, value, call).reasons()
    assert not SoftmaxMixer()(query, key, value, call).any()


@pytest.mark.parametrize("mask", PATTERNS, ids=repr)
@pytest.mark.parametrize(
    "other",
    [
        Padding(torch.arange(13) < LENGTHS),
        Padding(torch.arange(13) >= LENGTHS),
        Padding(torch.arange(13).expand(2, -1) < torch.tensor([[13], [0]])),
        Prefix(torch.tensor([3, 8])),
        Function(lambda batch, head, query, key: (batch + head + query * key) % 3 != 0),
    ],
    ids=["padded right", "padded left", "padded whole", "prefix", "function"],
)
def test_other_terms_and_a_bias_hold_inside_the_tiles(make: Make, mask: Mask, other: Mask) -> None:
    positions = torch.arange(13).unsqueeze(0) * torch.tensor([[1], [2]])
    bias = PositionBias(Alibi(4), positions, positions)
    same(results(make, 13, mask & other, Weighting(ScaledDot(4), Softmax()), bias=bias))


def test_other_scores_and_normalisers_take_plain_operations(make: Make) -> None:
    torch.manual_seed(0)
    mask = (BlockWindow(2, 1, 1) | Global(1)) & Padding(torch.arange(13) < LENGTHS)
    same(results(make, 13, mask, Weighting(Additive(4, 4).double(), Sparsemax())))


@pytest.mark.parametrize("score", [Additive(4, 4), SoftCap(Additive(4, 4), 2.0), SoftCap(ScaledDot(4), 2.0)])
@pytest.mark.parametrize("normaliser", [Sinks(4), Tempered(Sinks(4), 2.0), Sparsemax()])
def test_heads_with_tiles_of_their_own_keep_their_own_parameters(
    make: Make, score: Score, normaliser: Normaliser
) -> None:
    for number, parameter in enumerate((*score.parameters(), *normaliser.parameters())):
        torch.nn.init.normal_(parameter, generator=torch.Generator().manual_seed(number))
    mask = (Dilated(1, 1, (1, 3)) | Global(1)) & Padding(torch.arange(13) < LENGTHS)
    same(results(make, 13, mask, Weighting(score.double(), normaliser.double()), kv_heads=2))


def test_dropout_keeps_the_mean(make: Make) -> None:
    mask, weighting = Window(2, 2) | Global(1), Weighting(ScaledDot(4), Softmax(), dropout=0.5)
    query, key, value, call = make(9, mask=mask)
    draws = torch.stack([Tiles().attend(query, key, value, call, weighting) for _ in range(400)])
    plain = Eager().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))
    assert ((draws.mean(0) - plain).abs() <= 6 * draws.std(0) / 20 + 1e-9).all()


def test_documents_restart_a_pattern_so_that_there_are_no_tiles(make: Make) -> None:
    ids = torch.arange(12).expand(2, -1) // 5
    query, key, value, call = make(12, mask=settle((Window(1, 1) | Global(1)) & Documents(ids), Extent(2, 4, 12, 12)))
    with pytest.raises(
        UnsupportedError, match=r"the mask has no part that leaves few keys.*Use attention.backend=auto"
    ):
        SoftmaxMixer(backend="tiles")(query, key, value, call)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"mask": Full()}, "the mask has no part that leaves few keys to neighbouring queries (Window, Dilated"),
        ({"mask": ~Window(1, 1)}, "the mask has no part"),
        ({"mask": Window(1, 1) | Prefix(2)}, "the mask has no part"),
        ({"mask": Dilated(1, 1, 2) | Window(1, 1)}, "the mask has no part"),
        ({"mask": BlockWindow(2) | BlockWindow(3)}, "the mask has no part"),
        ({"mask": Window(1, 1), "keys": 9}, "queries and keys are not the same stretch of one sequence"),
        ({"mask": Window(1, 1) & Edges(torch.tensor([[0], [1]]), 6)}, "the mask has an Edges term"),
    ],
)
def test_says_why_not(make: Make, options: dict[str, Any], reason: str) -> None:
    query, key, value, call = make(6, **options)
    with pytest.raises(UnsupportedError) as caught:
        SoftmaxMixer(backend="tiles")(query, key, value, call)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("mask", "few"),
    [
        (Dilated(4, 4, (1, 2)), True),
        (Window(4, 0) | Global(1), True),
        (BlockWindow(16, 1, 1) | RandomBlocks(16, 1), True),
        (Dilated(600, 600, 2), False),
    ],
    ids=repr,
)
def test_auto_takes_tiles_where_they_hold_few_pairs(
    make: Make, monkeypatch: pytest.MonkeyPatch, mask: Mask, few: bool
) -> None:
    monkeypatch.undo()
    query, key, value, call = make(2000, mask=settle(mask, Extent(1, 4, 2000, 2000)), batch=1)
    assert (SoftmaxMixer().plan(query, key, value, call).chosen == "tiles") is few


@pytest.mark.parametrize("mask", [Dilated(4, 0, 3), Causal() & (Window(4, 0) | Global(1))], ids=repr)
def test_no_tensor_of_queries_times_keys_is_made(make: Make, monkeypatch: pytest.MonkeyPatch, mask: Mask) -> None:
    monkeypatch.undo()
    query, key, value, call = make(40_000, mask=mask, batch=1)
    out = Tiles().attend(query, key, value, call, Weighting(ScaledDot(4), Softmax()))
    assert out.shape == query.shape
    assert out.isfinite().all()


@pytest.mark.parametrize("mask", PATTERNS, ids=repr)
def test_pairs_are_counted(mask: Mask) -> None:
    """What the plan counts is what the tiles hold."""
    from attnframe.attention.backends.tiling import lay_out

    extent = Extent(1, 4, 24, 24)
    settled = settle(mask, extent)
    tiles = [(tiling, group) for tiling in lay_out(settled, extent) for group in tiling.groups]
    keys = [group.keys.shape[1] * group.keys.shape[3] * len(tiling.heads) for tiling, group in tiles]
    pattern = Pattern.of(settled, extent)
    assert pattern.gathered == sum(keys)
    assert pattern.pairs == sum(k * group.queries.shape[2] for k, (_, group) in zip(keys, tiles, strict=True))
