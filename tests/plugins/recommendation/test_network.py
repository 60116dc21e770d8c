"""Histories of unequal length."""

from __future__ import annotations

import pytest
import torch
from attnframe_recommendation.network import HistoryNetwork

from attnframe.models import Decoder
from attnframe.positions import Learned
from attnframe.recipes.registry import attention_variants


@pytest.fixture
def network() -> HistoryNetwork:
    torch.manual_seed(0)
    decoder = Decoder(8, 2, attention_variants()["mha"](num_heads=2), Learned(8, 40))
    return HistoryNetwork(decoder, reads_times=False).eval()


@pytest.mark.parametrize("longest", [5, 40])
def test_running_short_and_long_ones_apart_changes_no_state(network: HistoryNetwork, longest: int) -> None:
    lengths = torch.tensor([3, longest, 1, 5, longest // 2, 2])
    x = torch.randn(6, longest, 8, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        found = network(x, None, lengths, None)
        whole = network.decoder(x)
    for row, length in enumerate(lengths.tolist()):
        torch.testing.assert_close(found[row, :length], whole[row, :length], rtol=1e-5, atol=1e-6)


def test_gradients_reach_every_real_item_and_no_padding(network: HistoryNetwork) -> None:
    lengths = torch.tensor([20, 2])
    x = torch.randn(2, 20, 8, generator=torch.Generator().manual_seed(1)).requires_grad_()
    states = network(x, None, lengths, None)
    (grad,) = torch.autograd.grad(states[0].sum() + states[1, :2].square().sum(), x)
    reached = grad.abs().sum(2) > 0
    assert reached[1].tolist() == [True, True] + [False] * 18
