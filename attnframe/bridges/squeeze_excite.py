"""Squeeze and excitation."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.bridges.sizes import check_channels


class SqueezeExcite(nn.Module):
    r"""Squeeze-and-excitation block (Hu, Shen and Sun 2018, https://arxiv.org/abs/1709.01507): attention over channels.

    .. math:: y_c = x_c \cdot \sigma(W_2\, \mathrm{relu}(W_1 \bar{x} + b_1) + b_2)_c

    with :math:`\bar{x}` the mean of the features over all places ("squeeze"); the factors are of each example's own.

    Args:
        channels: C.
        reduction: channels over hidden units, at least 1; there is at least one hidden unit.

    Shapes: (B, C, ...) to the same, with any number of axes of places.

    Raises:
        ConfigurationError: a size is below 1.
    """

    def __init__(self, channels: int, reduction: int = 16) -> None:
        super().__init__()
        check_channels(type(self).__name__, channels=channels, reduction=reduction)
        hidden = max(1, channels // reduction)
        self.squeeze = nn.Linear(channels, hidden)
        self.excite = nn.Linear(hidden, channels)

    def forward(self, x: Tensor) -> Tensor:
        mean = x.flatten(2).mean(2)
        factors = torch.sigmoid(self.excite(torch.relu(self.squeeze(mean))))
        return x * factors.view(*factors.shape, *[1] * (x.dim() - 2))
