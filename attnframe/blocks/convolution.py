"""The convolution module of the Conformer."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.blocks.norm import LayerNorm
from attnframe.errors import ConfigurationError, Fault


class ConvolutionModule(nn.Module):
    r"""Gated depthwise convolution along a sequence (Gulati et al. 2020, https://arxiv.org/abs/2005.08100).

    .. math:: y = W_2\, \mathrm{SiLU}(\mathrm{norm}(\mathrm{depthwise}(\mathrm{GLU}(W_1 x))))

    The norm is a layer norm where the paper has a batch norm: what stands beside a sequence in a batch, and padding,
    change nothing then. Padding is zeroed before the convolution, as what lies beyond the ends is.

    Args:
        dim: width D.
        kernel_size: odd number of positions that one output sees, half of them on each side.

    Shapes: (B, T, D) to (B, T, D).

    Raises:
        ConfigurationError: the kernel is even or below 1.
    """

    def __init__(self, dim: int, kernel_size: int = 31) -> None:
        super().__init__()
        if kernel_size < 1 or kernel_size % 2 == 0:
            must = "must be odd and at least 1"
            raise ConfigurationError(Fault("kernel_size (ConvolutionModule)", must, str(kernel_size)))
        self.hidden = nn.Linear(dim, 2 * dim)
        self.depthwise = nn.Conv1d(dim, dim, kernel_size, padding=kernel_size // 2, groups=dim, bias=False)
        self.norm = LayerNorm(dim)
        self.output = nn.Linear(dim, dim)

    def forward(self, x: Tensor, valid: Tensor | None = None) -> Tensor:
        """Convolve.

        Args:
            x: (B, T, D).
            valid: (B, T) bool, False where x is padding; None for no padding.
        """
        gated = F.glu(self.hidden(x), -1)
        if valid is not None:
            gated = gated.masked_fill(~valid.unsqueeze(-1), 0.0)
        mixed = self.depthwise(gated.transpose(1, 2)).transpose(1, 2)
        out: Tensor = self.output(F.silu(self.norm(mixed)))
        return out
