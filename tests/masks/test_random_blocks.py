from __future__ import annotations

import pytest
import torch
from torch import Tensor

from attnframe.errors import ConfigurationError
from attnframe.masks import Extent, Padding, RandomBlocks, lower


def blocks(mask: RandomBlocks, number: int, heads: int = 2) -> Tensor:
    """(H, M, M) which blocks see which."""
    tokens = number * mask.block
    allowed = lower(mask, Extent(1, heads, tokens, tokens))[0]
    tiles = allowed.view(heads, number, mask.block, number, mask.block)
    assert torch.equal(tiles.all(4).all(2), tiles.any(4).any(2)), "a block is seen in part"
    return tiles[:, :, 0, :, 0]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_each_block_draws_as_many_as_asked_and_there_are(number: int) -> None:
    seen = blocks(RandomBlocks(2, number, skip=1, beside=1, skip_last=1), 12)
    for query in range(12):
        choices = [key for key in range(1, 11) if abs(key - query) > 1]
        for head in range(2):
            drawn = seen[head, query].nonzero().flatten().tolist()
            assert len(drawn) == number
            assert set(drawn) <= set(choices)


def test_few_choices_are_all_drawn() -> None:
    seen = blocks(RandomBlocks(1, 5), 4)
    assert torch.equal(seen[0], ~torch.eye(4, dtype=torch.bool))


def test_a_causal_draw_is_of_the_past_and_does_not_change_with_the_length() -> None:
    mask = RandomBlocks(2, 2, beside=1, causal=True)
    long, short = blocks(mask, 12), blocks(mask, 7)
    assert torch.equal(long[:, :7, :7], short)
    for query in range(12):
        assert long[0, query].sum() == min(2, max(0, query - 1))
        assert not long[0, query, max(0, query - 1) :].any()


def test_draws_differ_by_seed_head_and_block_and_come_back() -> None:
    seen = blocks(RandomBlocks(1, 1), 40)
    assert torch.equal(seen, blocks(RandomBlocks(1, 1), 40))
    assert not torch.equal(seen[0], seen[1])
    assert not torch.equal(seen, blocks(RandomBlocks(1, 1, seed=1), 40))
    assert len(seen[0].int().argmax(-1).unique()) > 15


def test_draws_are_even() -> None:
    """Every block is drawn about as often as any other."""
    counts = sum(blocks(RandomBlocks(1, 2, seed=seed), 30).sum((0, 1)) for seed in range(40))
    expected = 40 * 2 * 30 * 2 / 30
    assert ((counts - expected).abs() < 6 * expected**0.5).all()


def test_rows_draw_by_their_own_length() -> None:
    valid = torch.stack([torch.arange(12) < 8, torch.arange(12) >= 4])
    mask = RandomBlocks(2, 1)
    allowed = lower(mask & Padding(valid), Extent(2, 1, 12, 12))[:, 0]
    alone = lower(mask, Extent(1, 1, 8, 8))[0, 0]
    assert torch.equal(allowed[0, :8, :8], alone)
    assert torch.equal(allowed[1, 4:, 4:], alone)


def test_the_length_must_be_known_unless_causal() -> None:
    at = Extent(1, 1, 4, 4).indices()
    assert RandomBlocks(1, 1, causal=True).allows(at).any()
    with pytest.raises(ConfigurationError, match=r"RandomBlocks.count must be known"):
        RandomBlocks(1, 1).allows(at)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"block": 0, "number": 1}, r"RandomBlocks.block must be a count of tokens, at least 1. Got 0"),
        ({"block": 1, "number": 0}, r"RandomBlocks.number must be a count of blocks, at least 1. Got 0"),
        ({"block": 1, "number": 1, "skip": -1}, r"RandomBlocks.skip must be a count of blocks, at least 0. Got -1"),
    ],
)
def test_refuses_what_is_no_count(arguments: dict[str, int], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        RandomBlocks(**arguments)
