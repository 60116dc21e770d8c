"""Gated linear attention against flash-linear-attention's plain recurrence, decays from strong to weak among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from attnframe.attention.mixer import Call
from attnframe.attention.mixers import GatedLinearMixer
from attnframe.masks import Causal, Extent

B, H, T, E, R = 2, 4, 50, 8, 4


@pytest.mark.parametrize("spread", [1.0, 60.0])
def test_equals_flash_linear_attention(agree: Callable[..., None], plain: Callable[[str], Any], spread: float) -> None:
    torch.manual_seed(0)
    mixer, peer_proj = GatedLinearMixer(H, E, E, R), torch.nn.Linear(H * R, H * E)
    with torch.no_grad():
        mixer.decay_proj.weight.mul_(spread)
    peer_proj.load_state_dict(mixer.decay_proj.state_dict())
    steps = plain("gla").naive_recurrent_gla

    def ours(x: Tensor) -> Tensor:
        query, key, value, signal = x
        signals = {"gate": query, "decay": signal[..., :R]}
        out: Tensor = mixer(query, key, value, Call(Causal(), Extent(B, H, T, T), signals=signals))
        return out

    def theirs(x: Tensor) -> Tensor:
        query, key, value, signal = (part.transpose(1, 2) for part in x)
        decay = F.logsigmoid(peer_proj(signal[..., :R].flatten(2))) / 16
        out: Tensor = steps(query, key, value, decay.view(B, T, H, E))[0]
        return out.transpose(1, 2)

    pairs = [(mixer.decay_proj.weight, peer_proj.weight), (mixer.decay_proj.bias, peer_proj.bias)]
    agree(ours, theirs, torch.randn(4, B, H, T, E), pairs=pairs)
