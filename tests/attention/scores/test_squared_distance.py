from __future__ import annotations

import pytest
import torch

from attnframe.attention.scores import SquaredDistance

GENERATOR = torch.Generator().manual_seed(0)
QUERY = torch.randn(2, 3, 4, 9, generator=GENERATOR)
KEY = torch.randn(2, 3, 6, 9, generator=GENERATOR)


def test_is_the_squared_distance_over_the_root_of_the_width() -> None:
    expected = -(QUERY.unsqueeze(3) - KEY.unsqueeze(2)).square().sum(-1) / 3
    torch.testing.assert_close(SquaredDistance(9)(QUERY, KEY), expected)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_squares_keep_their_digits(dtype: torch.dtype) -> None:
    query, key = (QUERY * 10).to(dtype), (KEY * 10).to(dtype)
    score = SquaredDistance(9)
    # What the features say, compared in float32 as fused kernels do.
    found = score.compare(score.map_query(query).float(), score.map_key(key).float())
    exact = score(query.double(), key.double())
    torch.testing.assert_close(found.double(), exact, rtol=0, atol=exact.abs().max().item() * 1e-4)
