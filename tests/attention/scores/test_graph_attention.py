from __future__ import annotations

import pytest
import torch

from attnframe.attention.scores import GraphAttentionScore

H, E = 4, 5
GENERATOR = torch.Generator().manual_seed(0)
QUERY, KEY = torch.randn(2, H, 3, E, generator=GENERATOR), torch.randn(2, H, 6, E, generator=GENERATOR)


@pytest.mark.parametrize("kv_heads", [4, 2, 1])
def test_is_the_rectified_sum_of_two_forms(kv_heads: int) -> None:
    score = GraphAttentionScore(H, E, negative_slope=0.1)
    key = KEY[:, :kv_heads]
    of_query = torch.einsum("bhte,he->bht", QUERY, score.query_vector)
    of_key = torch.einsum("bhse,he->bhs", key.repeat_interleave(H // kv_heads, dim=1), score.key_vector)
    total = of_query.unsqueeze(-1) + of_key.unsqueeze(-2)
    torch.testing.assert_close(score(QUERY, key), torch.where(total > 0, total, 0.1 * total))


def test_one_projection_for_both_gives_the_numbers_of_two() -> None:
    score = GraphAttentionScore(H, E)
    for one, other in zip(score.numbers(QUERY, QUERY), score.numbers(QUERY, QUERY.clone()), strict=True):
        torch.testing.assert_close(one, other)


def test_all_queries_of_a_head_rank_the_keys_alike() -> None:
    """The property by which GATv2 tells it from dynamic attention."""
    ranks = GraphAttentionScore(H, E)(QUERY, KEY).argsort(dim=-1)
    assert (ranks == ranks[:, :, :1]).all()
