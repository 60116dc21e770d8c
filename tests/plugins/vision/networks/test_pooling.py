from __future__ import annotations

import pytest
import torch
from attnframe_vision.networks.pooling import AttentionPooling, ClassToken, build_pooling


def test_mean() -> None:
    tokens = torch.randn(2, 5, 4)
    pooling = build_pooling("mean", 4)
    assert pooling.prepare(tokens) is tokens
    torch.testing.assert_close(pooling(tokens), tokens.sum(1) / 5)


def test_class_token_is_put_first_and_taken_out() -> None:
    tokens = torch.randn(2, 5, 4)
    pooling = build_pooling("class_token", 4)
    assert isinstance(pooling, ClassToken)
    prepared = pooling.prepare(tokens)
    assert prepared.shape == (2, 5 + pooling.extra_tokens, 4)
    assert prepared[:, 1:].equal(tokens)
    assert pooling(prepared).equal(pooling.token[0].expand(2, 4))


def test_attention_pooling_is_the_mean_at_equal_scores_and_one_token_at_a_large_one() -> None:
    tokens = torch.randn(2, 5, 4)
    pooling = build_pooling("attention", 4)
    assert isinstance(pooling, AttentionPooling)
    torch.nn.init.zeros_(pooling.score.weight)
    torch.testing.assert_close(pooling(tokens), tokens.mean(1))
    pooling.score.weight.data[0, 0] = 100.0
    tokens[:, 3] = 5.0
    torch.testing.assert_close(pooling(tokens), tokens[:, 3])


@pytest.mark.parametrize("name", ["mean", "attention"])
def test_pooling_without_a_class_token_ignores_the_order_of_tokens(name: str) -> None:
    tokens = torch.randn(2, 5, 4)
    pooling = build_pooling(name, 4)
    torch.testing.assert_close(pooling(tokens), pooling(tokens.flip(1)))
