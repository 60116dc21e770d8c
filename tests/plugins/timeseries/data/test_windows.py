"""Windows are views of one tensor, and where parts end is kept."""

from __future__ import annotations

import torch
from attnframe_timeseries.data.windows import Windows


def test_a_batch_holds_the_windows_asked_for() -> None:
    series = torch.stack([torch.arange(10.0), 100 + torch.arange(10.0)])
    batch = Windows(series, 2, 4, 3, 2).batch(torch.tensor([3, 0]))
    assert batch["past"].tolist() == [[[5, 6, 7], [105, 106, 107]], [[2, 3, 4], [102, 103, 104]]]
    assert batch["future"].tolist() == [[[8, 9], [108, 109]], [[5, 6], [105, 106]]]


def test_nothing_is_copied_until_a_batch_is_taken() -> None:
    series = torch.zeros(2, 1000)
    windows = Windows(series, 0, 900, 96, 4)
    assert len(windows) == 900
    assert windows.views.untyped_storage().data_ptr() == series.untyped_storage().data_ptr()
