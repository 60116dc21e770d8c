"""The convolutional block attention module: channels, then places."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.bridges.sizes import check_channels
from attnframe.errors import ConfigurationError, Fault


class ChannelAttention(nn.Module):
    r"""Channel attention of CBAM (Woo et al. 2018, https://arxiv.org/abs/1807.06521).

    .. math:: y_c = x_c \cdot \sigma(f(\bar{x}) + f(\hat{x}))_c, \qquad f(v) = W_2\, \mathrm{relu}(W_1 v)

    with :math:`\bar{x}` the mean and :math:`\hat{x}` the maximum of the features over all places.

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
        self.squeeze = nn.Linear(channels, hidden, bias=False)
        self.excite = nn.Linear(hidden, channels, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        places = x.flatten(2)
        pooled = torch.stack([places.mean(2), places.amax(2)])  # (2, B, C)
        factors = torch.sigmoid(self.excite(torch.relu(self.squeeze(pooled))).sum(0))
        return x * factors.view(*factors.shape, *[1] * (x.dim() - 2))


class SpatialAttention(nn.Module):
    r"""Spatial attention of CBAM (Woo et al. 2018, https://arxiv.org/abs/1807.06521).

    .. math:: y_p = x_p \cdot \sigma(k * [\mathrm{mean}_c\, x,\ \mathrm{max}_c\, x] + b)_p

    with one convolution k over the mean and the maximum of the channels at each place p.

    Args:
        kernel_size: side of the convolution in pixels, odd.

    Shapes: (B, C, rows, columns) to the same.

    Raises:
        ConfigurationError: `kernel_size` is not odd.
    """

    def __init__(self, kernel_size: int = 7) -> None:
        super().__init__()
        if kernel_size < 1 or kernel_size % 2 == 0:
            must = "must be odd and at least 1, so that it has a middle"
            raise ConfigurationError(Fault("kernel_size (SpatialAttention)", must, str(kernel_size)))
        self.convolution = nn.Conv2d(2, 1, kernel_size, padding=kernel_size // 2)

    def forward(self, x: Tensor) -> Tensor:
        pooled = torch.stack([x.mean(1), x.amax(1)], dim=1)  # (B, 2, rows, columns)
        return x * torch.sigmoid(self.convolution(pooled))


class CBAM(nn.Module):
    """Convolutional block attention module (Woo et al. 2018, https://arxiv.org/abs/1807.06521): which channels, then
    which places.

    y = SpatialAttention(ChannelAttention(x))

    Args:
        channels: C.
        reduction: channels over hidden units of the channel attention, at least 1.
        kernel_size: side of the spatial attention's convolution in pixels, odd.

    Shapes: (B, C, rows, columns) to the same.

    Raises:
        ConfigurationError: a size is out of range.
    """

    def __init__(self, channels: int, reduction: int = 16, kernel_size: int = 7) -> None:
        super().__init__()
        self.channel = ChannelAttention(channels, reduction)
        self.spatial = SpatialAttention(kernel_size)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.spatial(self.channel(x))
        return out
