from __future__ import annotations

import torch

from attnframe.attention.normalisers import Relu


def test_by_hand() -> None:
    allowed = torch.tensor([[True, True, False, True], [True, True, True, True]])
    scores = torch.tensor([[1.5, -1.0, 9.0, 3.0], [2.0, -4.0, -1.0, 0.0]])
    expected = torch.tensor([[1.5, 0.0, 0.0, 3.0], [2.0, 0.0, 0.0, 0.0]]) / torch.tensor([[1.5], [2.0]]).sqrt()
    torch.testing.assert_close(Relu().dense(scores, allowed), expected)


def test_outputs_keep_the_variance_of_the_values_at_any_length() -> None:
    generator = torch.Generator().manual_seed(0)
    for keys in (16, 1024):
        weights = Relu().dense(torch.randn(4000, keys, generator=generator), None)
        outputs = weights @ torch.randn(keys, 64, generator=generator)
        assert 0.8 < outputs.var() < 1.2
