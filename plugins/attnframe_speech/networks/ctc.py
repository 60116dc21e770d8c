"""The losses of connectionist temporal classification."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from attnframe_speech.letters import BLANK

LEARNT, UNLEARNT = 1.0, 3.0
"""CTC losses of a letter, in nats, between which the flat start fades in."""


def ctc_losses(log_probabilities: Tensor, positions: Tensor, letters: Tensor, lengths: Tensor) -> Tensor:
    """(B,) CTC loss of a letter of each recording, in nats (Graves et al. 2006). A recording with fewer positions than
    its transcript needs counts 0.

    Args:
        log_probabilities: (B, T, V). positions: (B,) of each recording.
        letters: (B, U). lengths: (B,) of each transcript.
    """
    if log_probabilities.is_meta:  # torch has no such kernel there
        return log_probabilities.mean((1, 2))
    rows = log_probabilities.transpose(0, 1)
    losses = F.ctc_loss(rows, letters, positions, lengths, blank=BLANK, reduction="none", zero_infinity=True)
    return losses / lengths.clamp(min=1)


def flat_start_losses(
    log_probabilities: Tensor, positions: Tensor, letters: Tensor, lengths: Tensor, learnt: Tensor
) -> Tensor:
    """(B,) cross entropy of a position of each recording, in nats, if its letters were spread evenly over it, as the
    training of hidden Markov models begins (HTK's flat start). It fades as CTC learns, so that nothing is left of the
    even spread in the end.

    No paper: where CTC has little speech it may tell blanks alone for dozens of epochs, which this loss punishes.

    Args:
        log_probabilities: (B, T, V). positions: (B,) of each recording.
        letters: (B, U). lengths: (B,) of each transcript.
        learnt: (B,) of `ctc_losses`.
    """
    place = torch.arange(log_probabilities.shape[1], device=letters.device)
    spoken = (place * lengths.unsqueeze(1)).div(positions.clamp(min=1).unsqueeze(1), rounding_mode="floor")
    spread = letters.gather(1, spoken.clamp(max=letters.shape[1] - 1))  # (B, T)
    told = log_probabilities.gather(2, spread.unsqueeze(2)).squeeze(2)
    share = (learnt.detach() - LEARNT).div(UNLEARNT - LEARNT).clamp(0, 1)
    return -share * (told * (place < positions.unsqueeze(1))).sum(1) / positions.clamp(min=1)
