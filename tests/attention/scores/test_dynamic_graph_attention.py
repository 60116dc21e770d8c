from __future__ import annotations

import torch

from attnframe.attention.scores import DynamicGraphAttentionScore

H, E = 4, 5
GENERATOR = torch.Generator().manual_seed(0)
QUERY, KEY = torch.randn(2, H, 3, E, generator=GENERATOR), torch.randn(2, H, 6, E, generator=GENERATOR)


def test_is_the_form_of_the_rectified_sum() -> None:
    score = DynamicGraphAttentionScore(H, E, negative_slope=0.1)
    total = QUERY.unsqueeze(3) + KEY.unsqueeze(2)
    hidden = torch.where(total > 0, total, 0.1 * total)
    torch.testing.assert_close(score(QUERY, KEY), torch.einsum("bhtse,he->bhts", hidden, score.vector))


def test_queries_rank_the_keys_each_their_own_way() -> None:
    ranks = DynamicGraphAttentionScore(H, E)(QUERY, KEY).argsort(dim=-1)
    assert not (ranks == ranks[:, :, :1]).all()
