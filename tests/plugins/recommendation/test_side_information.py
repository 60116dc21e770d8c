"""Attributes of items."""

from __future__ import annotations

import torch
from attnframe_recommendation.side_information import MOST_TOKENS, AttributeTable, FieldFusion

from attnframe.recipes.registry import attention_variants


def test_the_table_holds_the_tokens_of_each_item() -> None:
    table = AttributeTable(3, ["1 3", "", "2"], 4)
    vectors, real = table.each(torch.tensor([1, 2, 3]))
    assert real.tolist() == [[True, True], [False, False], [True, False]]
    torch.testing.assert_close(vectors[0, 1], table.vectors.weight[3])
    mean = table.mean(torch.tensor([[1, 2], [3, 0]]))
    torch.testing.assert_close(mean[0, 0], table.vectors.weight[[1, 3]].mean(0))
    assert not mean[0, 1].any()
    assert not mean[1, 1].any()


def test_only_so_many_tokens_are_read() -> None:
    table = AttributeTable(50, [" ".join(map(str, range(1, 51)))], 4)
    assert table.tokens.shape == (2, MOST_TOKENS)


def test_an_item_without_attributes_stays_as_it_is() -> None:
    torch.manual_seed(0)
    fusion = FieldFusion(AttributeTable(3, ["1 3", "", "2"], 8), attention_variants()["mha"](num_heads=2), 8)
    vectors = torch.randn(3, 8)
    fused = fusion(torch.tensor([1, 2, 3]), vectors)
    assert torch.equal(fused[1], vectors[1])
    assert not torch.equal(fused[0], vectors[0])
