"""A gate on the output of any mixer."""

from __future__ import annotations

import torch
from torch import Tensor

from attnframe.attention.mixer import Call, Mixer
from attnframe.attention.mixers.around import AroundMixer


class GatedMixer(AroundMixer):
    """Multiplies what a query gets by a sigmoid gate of its own (Qiu et al. 2025, https://arxiv.org/abs/2505.06708).

    out_i = sigmoid(x_i Wg + b) * mix_i, elementwise

    Args:
        inner: how values are mixed.
        value_dim: width V of its values.
    """

    def __init__(self, inner: Mixer, value_dim: int) -> None:
        super().__init__(inner, {"gate": value_dim})

    def finish(self, mixed: Tensor, call: Call) -> Tensor:
        return super().finish(mixed, call) * torch.sigmoid(call.signals["gate"])
