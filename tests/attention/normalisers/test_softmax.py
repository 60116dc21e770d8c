from __future__ import annotations

import torch

from attnframe.attention.normalisers import Softmax


def test_is_torchs_softmax_where_all_is_visible() -> None:
    scores = torch.randn(3, 5, generator=torch.Generator().manual_seed(0))
    expected = torch.softmax(scores, dim=-1)
    assert torch.equal(Softmax().dense(scores, None), expected)
    torch.testing.assert_close(Softmax().dense(scores, torch.ones(5, dtype=torch.bool)), expected)
    flat = Softmax().segments(scores.flatten(), torch.arange(3).repeat_interleave(5), 3)
    torch.testing.assert_close(flat.view(3, 5), expected)


def test_adding_a_number_to_a_row_changes_nothing() -> None:
    scores = torch.randn(3, 5, generator=torch.Generator().manual_seed(0), dtype=torch.double)
    torch.testing.assert_close(Softmax().dense(scores + 1e4, None), Softmax().dense(scores, None))
