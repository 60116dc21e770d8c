"""The gated delta rule: how fast heads forget."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import DeltaRuleMixer, GatedDeltaMixer
from attnframe.masks import Causal, Extent


def test_heads_start_in_the_range_of_the_paper() -> None:
    torch.manual_seed(0)
    mixer = GatedDeltaMixer(2000, 4)
    speed, step = mixer.log_speed.exp(), F.softplus(mixer.offset)
    assert speed.min() >= 1
    assert speed.max() <= 16
    assert step.min() >= 1e-3 - 1e-6
    assert step.max() <= 1e-1 + 1e-6
    torch.testing.assert_close(step.log10().mean(), torch.tensor(-2.0), rtol=0, atol=0.05)
    assert set(dict(mixer.named_buffers())) == {"offset"}


def test_decays_are_what_the_formula_says_and_bounded() -> None:
    mixer = GatedDeltaMixer(2, 4)
    logits = torch.randn(1, 2, 3, 1)
    expected = -mixer.log_speed.exp().view(2, 1, 1) * F.softplus(logits + mixer.offset.view(2, 1, 1))
    torch.testing.assert_close(mixer.decay(logits), expected)
    assert (mixer.decay(torch.full((1, 2, 1, 1), 1e30)) == -100).all()


def test_without_decay_it_is_the_delta_rule() -> None:
    mixer = GatedDeltaMixer(2, 4).double()
    x = torch.randn(3, 1, 2, 5, 4, dtype=torch.float64)
    rate = torch.randn(1, 2, 5, 1, dtype=torch.float64)
    signals = {"gate": x[0], "rate": rate, "decay": torch.full_like(rate, -1e9)}
    call = Call(Causal(), Extent(1, 2, 5, 5), signals=signals)
    expected = DeltaRuleMixer(4)(*x, Call(Causal(), call.extent, signals={"rate": rate}))
    torch.testing.assert_close(mixer(*x, call), expected)


def test_a_full_decay_forgets_all_before() -> None:
    mixer = GatedDeltaMixer(1, 4).double()
    x = torch.randn(3, 1, 1, 5, 4, dtype=torch.float64)
    decay = torch.full((1, 1, 5, 1), -1e9, dtype=torch.float64)
    decay[:, :, 3] = 1e9
    signals = {"gate": x[0], "rate": torch.zeros_like(decay), "decay": decay}
    weights = mixer.weights(x[0], x[1], Call(Causal(), Extent(1, 1, 5, 5), signals=signals), slice(None))
    assert (weights[0, 0, 3:, :3].abs() < 1e-40).all()
    assert weights[0, 0, 2, :3].all()
