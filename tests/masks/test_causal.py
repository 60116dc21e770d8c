from __future__ import annotations

import pytest
import torch
from torch.nn.attention.bias import causal_lower_right

from attnframe.masks import Causal, Extent, lower


@pytest.mark.parametrize(("queries", "keys"), [(5, 5), (2, 5), (1, 7)])
def test_equals_torchs_lower_right_causal_bias(queries: int, keys: int) -> None:
    query, key, value = torch.zeros(1, 1, queries, 4), torch.zeros(1, 1, keys, 4), torch.eye(keys)[None, None]
    bias = causal_lower_right(queries, keys)
    weights = torch.nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
    # With equal scores, a key has weight exactly when it is visible.
    assert torch.equal(lower(Causal(), Extent(1, 1, queries, keys)), weights > 0)


def test_a_step_of_decoding_sees_all_that_came_before() -> None:
    full = lower(Causal(), Extent(1, 1, 6, 6))
    for step in range(6):
        assert torch.equal(lower(Causal(), Extent(1, 1, 1, step + 1))[0, 0, 0], full[0, 0, step, : step + 1])


def test_query_start_overrides_alignment() -> None:
    allowed = lower(Causal(), Extent(1, 1, 2, 5, query_start=1))
    assert allowed[0, 0].int().tolist() == [[1, 1, 0, 0, 0], [1, 1, 1, 0, 0]]


def test_ring_cached_keys_are_told_by_position() -> None:
    extent = Extent(1, 1, 1, 4, query_start=5, key_positions=torch.tensor([4, 5, 6, 3]))
    assert lower(Causal(), extent)[0, 0, 0].tolist() == [True, True, False, True]


@pytest.mark.parametrize(("queries", "keys", "hides"), [(4, 4, False), (1, 4, False), (5, 4, True)])
def test_hides_all_only_from_queries_before_the_first_key(queries: int, keys: int, hides: bool) -> None:
    extent = Extent(1, 1, queries, keys)
    assert Causal().may_hide_all(extent) is hides
    assert bool((~lower(Causal(), extent).any(dim=-1)).any()) is hides
