"""The losses of CTC."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from attnframe_speech.networks.ctc import ctc_losses, flat_start_losses


def test_the_loss_is_that_of_a_letter() -> None:
    torch.manual_seed(0)
    scores = torch.randn(2, 6, 4).log_softmax(2)
    letters, lengths, positions = torch.tensor([[1, 2], [3, 0]]), torch.tensor([2, 1]), torch.tensor([6, 4])
    each = F.ctc_loss(scores.transpose(0, 1), letters, positions, lengths, reduction="none")
    torch.testing.assert_close(ctc_losses(scores, positions, letters, lengths), each / lengths)


def test_a_transcript_that_does_not_fit_counts_nothing() -> None:
    scores = torch.randn(1, 2, 4).log_softmax(2)
    loss = ctc_losses(scores, torch.tensor([2]), torch.tensor([[1, 1, 2]]), torch.tensor([3]))
    assert float(loss) == 0


def test_the_flat_start_spreads_letters_evenly() -> None:
    torch.manual_seed(0)
    scores = torch.randn(2, 6, 4).log_softmax(2)
    letters, lengths, positions = torch.tensor([[1, 2], [3, 0]]), torch.tensor([2, 1]), torch.tensor([6, 4])
    losses = flat_start_losses(scores, positions, letters, lengths, torch.tensor([9.0, 9.0]))
    first = -(scores[0, :3, 1].sum() + scores[0, 3:, 2].sum()) / 6
    torch.testing.assert_close(losses, torch.stack([first, -scores[1, :4, 3].mean()]))


def test_the_flat_start_fades_as_ctc_learns() -> None:
    scores = torch.randn(1, 4, 3).log_softmax(2).expand(3, -1, -1)
    letters, lengths, positions = torch.tensor([[1, 2]] * 3), torch.tensor([2] * 3), torch.tensor([4] * 3)
    whole, half, none = flat_start_losses(scores, positions, letters, lengths, torch.tensor([3.5, 2.0, 0.8])).tolist()
    assert whole > 0
    assert half == pytest.approx(whole / 2)
    assert none == 0
