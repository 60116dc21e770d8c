"""The stem: how many positions it leaves, and padding."""

from __future__ import annotations

from typing import Literal

import pytest
import torch
from attnframe_speech.networks.stem import FrameStem


@pytest.mark.parametrize(("subsampling", "wanted"), [(1, [9, 6]), (2, [5, 3]), (4, [3, 2])])
def test_frames_become_fewer_and_padding_changes_nothing(subsampling: Literal[1, 2, 4], wanted: list[int]) -> None:
    torch.manual_seed(0)
    stem = FrameStem(8, 12, subsampling, 4)
    features = torch.randn(2, 9, 8)
    features[1, 6:] = 0
    out, lengths = stem(features, torch.tensor([9, 6]))
    assert out.shape == (2, wanted[0], 12)
    assert lengths.tolist() == wanted
    alone, _ = stem(features[1:, :6], torch.tensor([6]))
    torch.testing.assert_close(out[1:, : wanted[1]], alone)
