from __future__ import annotations

import torch

from attnframe.attention.scores import Additive


def test_equals_the_formula_pair_by_pair() -> None:
    torch.manual_seed(0)
    score = Additive(num_heads=2, head_dim=3, hidden_dim=4)
    query, key = torch.randn(1, 2, 3, 3), torch.randn(1, 2, 5, 3)
    scores = score(query, key)
    for head in range(2):
        for row in range(3):
            for column in range(5):
                hidden = query[0, head, row] @ score.query_weight[head] + key[0, head, column] @ score.key_weight[head]
                torch.testing.assert_close(scores[0, head, row, column], score.vector[head] @ torch.tanh(hidden))


def test_hidden_width_is_the_head_width_unless_given() -> None:
    assert Additive(2, 3).vector.shape == (2, 3)
    assert Additive(2, 3, hidden_dim=8).vector.shape == (2, 8)


def test_scores_start_at_the_scale_of_softmax() -> None:
    torch.manual_seed(0)
    scores = Additive(8, 32)(torch.randn(1, 8, 50, 32), torch.randn(1, 8, 50, 32))
    assert 0.3 < scores.std() < 1.5
