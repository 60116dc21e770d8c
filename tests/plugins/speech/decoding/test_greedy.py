"""The likeliest path."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from attnframe_speech.decoding.greedy import greedy


def test_repeats_count_once_and_blanks_part_letters() -> None:
    paths = torch.tensor([[1, 1, 0, 1, 2, 2], [0, 0, 3, 3, 1, 1]])
    scores = F.one_hot(paths, 4).float().log_softmax(2)
    assert greedy(scores, torch.tensor([6, 4])) == [[1, 1, 2], [3]]
