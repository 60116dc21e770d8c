"""The loss of connectionist temporal classification."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from attnframe_speech.letters import BLANK


def ctc_loss(log_probabilities: Tensor, positions: Tensor, letters: Tensor, lengths: Tensor) -> Tensor:
    """Mean over recordings of the CTC loss of a letter, in nats (Graves et al. 2006). A recording with fewer positions
    than its transcript needs counts 0.

    Args:
        log_probabilities: (B, T, V). positions: (B,) of each recording.
        letters: (B, U). lengths: (B,) of each transcript.
    """
    if log_probabilities.is_meta:  # torch has no such kernel there
        return log_probabilities.mean()
    return F.ctc_loss(log_probabilities.transpose(0, 1), letters, positions, lengths, blank=BLANK, zero_infinity=True)
