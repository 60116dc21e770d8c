"""The non-local block."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.attention.layer import Attention
from attnframe.attention.mixer import Mixer
from attnframe.attention.mixers import SoftmaxMixer
from attnframe.attention.scores import Dot
from attnframe.bridges.mean_product import MeanProductMixer
from attnframe.masks import Mask


class NonLocal(nn.Module):
    r"""Non-local block (Wang et al. 2018, https://arxiv.org/abs/1711.07971): each place attends to all.

    .. math:: z_i = x_i + \gamma \odot W_z \frac{1}{C(x)} \sum_j f(\theta(x_i), \phi(x_j))\, g(x_j)

    The sum is an `Attention` layer of any kind over the places: its projections are the paper's embeddings
    :math:`\theta, \phi, g` and its output :math:`W_z`, which are 1 x 1 convolutions. The paper's two functions f are
    made by `embedded_gaussian` and `dot_product`. The factor :math:`\gamma` of each channel starts at 0, so that the
    block starts as the identity, as in the paper, where it belongs to a batch norm.

    Args:
        attention: layer of width C that is not causal.
        norm: what the features go through before they attend, over the last axis; None for nothing.

    Shapes: (B, C, ...) to the same, with any number of axes of places.
    """

    def __init__(self, attention: Attention, norm: nn.Module | None = None) -> None:
        super().__init__()
        self.norm = norm
        self.attention = attention
        self.scale = nn.Parameter(torch.zeros(attention.dim))

    @classmethod
    def embedded_gaussian(cls, channels: int, hidden: int | None = None) -> NonLocal:
        r"""The paper's default, :math:`f = e^{\theta(x_i)^\top \phi(x_j)}` over their sum.

        Args:
            channels: C. hidden: width of the embeddings; None for half of C.
        """
        return cls(_attention(channels, hidden, SoftmaxMixer(Dot())))

    @classmethod
    def dot_product(cls, channels: int, hidden: int | None = None) -> NonLocal:
        r"""The paper's plain product, :math:`f = \theta(x_i)^\top \phi(x_j)` over the number of places.

        Args:
            channels: C. hidden: width of the embeddings; None for half of C.
        """
        return cls(_attention(channels, hidden, MeanProductMixer()))

    def forward(self, x: Tensor, *, mask: Mask | None = None, positions: Tensor | None = None) -> Tensor:
        """Apply the block.

        Args:
            x: (B, C, ...) features.
            mask: which of the P places may see which, in the order in which they lie in memory; None for all.
            positions: (B or 1, P) or (B or 1, P, axes) positions of the places for the attention; None counts from 0.

        Returns:
            The shape of x.
        """
        places = x.flatten(2).transpose(1, 2)  # (B, P, C)
        normed = places if self.norm is None else self.norm(places)
        branch: Tensor = self.attention(normed, mask=mask, positions=positions) * self.scale
        return x + branch.transpose(1, 2).reshape(x.shape)


def _attention(channels: int, hidden: int | None, mixer: Mixer) -> Attention:
    width = max(1, channels // 2) if hidden is None else hidden
    return Attention(channels, 1, head_dim=width, mixer=mixer, bias=True)
