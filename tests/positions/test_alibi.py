from __future__ import annotations

import pytest
import torch
from transformers.models.bloom.modeling_bloom import build_alibi_tensor

from attnframe.positions import Alibi

HEADS = [1, 2, 3, 4, 6, 8, 12, 16, 20]


@pytest.mark.parametrize("heads", HEADS)
def test_slopes_equal_blooms(heads: int) -> None:
    bloom = build_alibi_tensor(torch.ones(1, 5), heads, torch.float32).view(heads, 5)  # slope * key position
    torch.testing.assert_close(Alibi(heads).slopes(), bloom[:, 1])


@pytest.mark.parametrize("heads", HEADS)
def test_causal_weights_equal_those_under_blooms_bias(heads: int) -> None:
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(1, heads, 7, 7, generator=generator)
    hidden = torch.ones(7, 7, dtype=torch.bool).triu(1)
    bloom = build_alibi_tensor(torch.ones(1, 7), heads, torch.float32).view(1, heads, 1, 7)
    ours = Alibi(heads).bias(torch.arange(7)[None], torch.arange(7)[None])
    expected, found = ((scores + bias).masked_fill(hidden, -torch.inf).softmax(dim=-1) for bias in (bloom, ours))
    torch.testing.assert_close(found, expected)


def test_by_hand() -> None:
    bias = Alibi(2).bias(torch.tensor([[2, 5]]), torch.tensor([[1, 2, 3]]))
    distance = torch.tensor([[1.0, 0.0, 1.0], [4.0, 3.0, 2.0]])
    assert torch.equal(bias, torch.stack((-distance / 16, -distance / 256))[None])


def test_depends_on_differences_alone_and_is_symmetric() -> None:
    alibi, here, there = Alibi(6), torch.tensor([[3, 8, 9]]), torch.tensor([[0, 4, 7, 20]])
    torch.testing.assert_close(alibi.bias(here + 5, there + 5), alibi.bias(here, there))
    torch.testing.assert_close(alibi.bias(there, here), alibi.bias(here, there).transpose(-2, -1))


def test_positions_of_each_batch_row() -> None:
    alibi, queries, keys = Alibi(4), torch.tensor([[0, 1], [5, 9]]), torch.tensor([[0, 1, 2]])
    bias = alibi.bias(queries, keys)
    assert bias.shape == (2, 4, 2, 3)
    torch.testing.assert_close(bias[1:], alibi.bias(queries[1:], keys))


def test_slopes_fall_geometrically_and_stay_exact_when_the_model_is_cast() -> None:
    slopes = Alibi(8).bfloat16().slopes()
    assert slopes.tolist() == [2.0**-i for i in range(1, 9)]
    assert Alibi(12).bfloat16().slopes().dtype == torch.float32
    assert not Alibi(8).state_dict()
