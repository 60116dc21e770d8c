"""The likeliest path under CTC."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe_speech.letters import BLANK


def greedy(log_probabilities: Tensor, lengths: Tensor) -> list[list[int]]:
    """The letters of the likeliest path of each recording: repeats count once, blanks not at all (Graves et al. 2006).

    Args:
        log_probabilities: (B, T, V). lengths: (B,) positions of each recording.
    """
    paths = log_probabilities.argmax(2).cpu()
    found = []
    for path, length in zip(paths, lengths.tolist(), strict=True):
        letters = torch.unique_consecutive(path[:length])
        found.append(letters[letters != BLANK].tolist())
    return found
