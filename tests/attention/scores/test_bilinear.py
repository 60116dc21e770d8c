from __future__ import annotations

import torch

from attnframe.attention.scores import Bilinear, ScaledDot

GENERATOR = torch.Generator().manual_seed(0)
QUERY = torch.randn(2, 3, 4, 5, generator=GENERATOR)
KEY = torch.randn(2, 3, 6, 5, generator=GENERATOR)


def test_is_the_form_of_each_heads_matrix() -> None:
    score = Bilinear(3, 5)
    with torch.no_grad():
        score.weight.copy_(torch.randn(3, 5, 5, generator=GENERATOR))
    expected = torch.einsum("bhte,hef,bhsf->bhts", QUERY, score.weight, KEY)
    torch.testing.assert_close(score(QUERY, KEY), expected)


def test_starts_at_the_scaled_dot_product() -> None:
    torch.testing.assert_close(Bilinear(3, 5)(QUERY, KEY), ScaledDot(5)(QUERY, KEY))
