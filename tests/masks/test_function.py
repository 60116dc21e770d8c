from __future__ import annotations

import torch
from torch import Tensor

from attnframe.masks import Causal, Extent, Function, lower


def strided(batch: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
    return (query - key) % (head + 1) == 0


def test_is_asked_for_every_head_query_and_key() -> None:
    allowed = lower(Function(strided), Extent(2, 3, 4, 6)).expand(2, 3, 4, 6)
    for head in range(3):
        for row in range(4):
            for key in range(6):
                assert bool(allowed[1, head, row, key]) == ((row + 2 - key) % (head + 1) == 0)


def test_tells_batch_rows_apart() -> None:
    allowed = lower(Function(lambda batch, head, query, key: key >= batch), Extent(2, 1, 1, 3))
    assert allowed[:, 0, 0].tolist() == [[True, True, True], [False, True, True]]


def test_positions_make_one_function_right_for_chunks_and_caches() -> None:
    mask = Function(strided) & Causal()
    full = lower(mask, Extent(1, 3, 6, 6))
    assert torch.equal(lower(mask, Extent(1, 3, 6, 6), slice(1, 4)), full[:, :, 1:4])
    assert torch.equal(lower(mask, Extent(1, 3, 2, 6)), full[:, :, 4:])
    ring = Extent(1, 3, 1, 3, query_start=5, key_positions=torch.tensor([3, 4, 5]))
    assert torch.equal(lower(mask, ring), full[:, :, 5:, 3:])


def test_serves_as_a_mask_mod_of_flex_attention() -> None:
    from torch.nn.attention.flex_attention import create_mask

    made = create_mask(strided, 2, 3, 5, 5, device="cpu")
    assert torch.equal(lower(Function(strided), Extent(2, 3, 5, 5)).expand(2, 3, 5, 5), made)


def test_may_hide_all() -> None:
    assert Function(strided).may_hide_all(Extent(1, 1, 2, 2))
