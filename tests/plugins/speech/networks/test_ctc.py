"""The loss of CTC."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from attnframe_speech.networks.ctc import ctc_loss


def test_the_loss_is_the_mean_over_letters() -> None:
    torch.manual_seed(0)
    scores = torch.randn(2, 6, 4).log_softmax(2)
    letters, lengths, positions = torch.tensor([[1, 2], [3, 0]]), torch.tensor([2, 1]), torch.tensor([6, 4])
    each = F.ctc_loss(scores.transpose(0, 1), letters, positions, lengths, reduction="none")
    torch.testing.assert_close(ctc_loss(scores, positions, letters, lengths), (each / lengths).mean())


def test_a_transcript_that_does_not_fit_counts_nothing() -> None:
    scores = torch.randn(1, 2, 4).log_softmax(2)
    loss = ctc_loss(scores, torch.tensor([2]), torch.tensor([[1, 1, 2]]), torch.tensor([3]))
    assert float(loss) == 0
