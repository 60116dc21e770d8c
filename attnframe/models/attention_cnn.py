"""Convolutional networks with attention over channels and places."""

from __future__ import annotations

import math
from typing import Literal, get_args

import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.attention.dropout import add_dropped
from attnframe.blocks import make_norm
from attnframe.bridges import CBAM, NonLocal, SqueezeExcite
from attnframe.errors import ConfigurationError, Fault, did_you_mean
from attnframe.models.demands import check_demands
from attnframe.models.positioning import divide, enter
from attnframe.positions import Position
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Needs

Recalibration = Literal["se", "cbam", "none"]


class ConvolutionBlock(nn.Module):
    r"""Pre-activation residual block of two 3 x 3 convolutions (He et al. 2016, https://arxiv.org/abs/1603.05027),
    normalised in groups of channels (Wu and He 2018, https://arxiv.org/abs/1803.08494), its branch recalibrated.

    .. math:: x \leftarrow x + r(k_2 * \mathrm{relu}(\mathrm{norm}(k_1 * \mathrm{relu}(\mathrm{norm}(x)))))

    Args:
        channels: C.
        recalibration: what weighs the branch's channels and places: ``se`` (`SqueezeExcite`), ``cbam`` (`CBAM`) or
            ``none``.
        reduction: channels over hidden units of the recalibration, at least 1.
        dropout: probability of dropping an element of the branch in training, in [0, 1].

    Shapes: (B, C, rows, columns) to the same.

    Raises:
        ConfigurationError: the recalibration is unknown.
    """

    def __init__(
        self, channels: int, *, recalibration: Recalibration = "se", reduction: int = 16, dropout: float = 0.0
    ) -> None:
        super().__init__()
        if recalibration not in get_args(Recalibration):
            works = did_you_mean(recalibration, get_args(Recalibration))
            must = "must be a known recalibration"
            raise ConfigurationError(Fault("recalibration (ConvolutionBlock)", must, repr(recalibration), works))
        groups = math.gcd(channels, 8)
        self.first_norm, self.second_norm = nn.GroupNorm(groups, channels), nn.GroupNorm(groups, channels)
        self.first = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.recalibration = _recalibration(recalibration, channels, reduction)
        self.dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        branch = self.first(F.relu(self.first_norm(x)))
        branch = self.second(F.relu(self.second_norm(branch)))
        if self.recalibration is not None:
            branch = self.recalibration(branch)
        return add_dropped(x, branch, self.dropout, self.training)


class AttentionCNN(nn.Module):
    """Residual convolutional network with attention over channels, places, or both: squeeze-and-excitation (Hu et al.
    2018) or CBAM (Woo et al. 2018) in each block, a non-local block (Wang et al. 2018) behind each.

    The attention variant serves the non-local blocks. A position reaches input or attention as in `Encoder`.

    Args:
        dim: channels D of the features, the same in all blocks.
        depth: number of blocks, at least 1.
        attention: recipe of the layers in the non-local blocks.
        position: position module of the places; None for none.
        recalibration: ``se``, ``cbam`` or ``none``.
        reduction: channels over hidden units of the recalibration, at least 1.
        non_local: whether a non-local block follows each block of convolutions.
        dropout: probability of dropping an element of a block's branch in training, in [0, 1].

    Shapes: (B, D, rows, columns) to the same.

    Raises:
        ConfigurationError: a size is out of range, or the variant cannot have this width.
        UnsupportedError: the variant cannot be non-causal.
    """

    def __init__(
        self,
        dim: int,
        depth: int,
        attention: AttentionVariant,
        position: Position | None = None,
        *,
        recalibration: Recalibration = "se",
        reduction: int = 16,
        non_local: bool = True,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        check_demands(attention, Needs(noncausal=non_local), dim, depth=depth, dropout=dropout)
        self.dim = dim
        self.position, inner = divide(position if non_local else None)
        layers: list[nn.Module] = []
        for _ in range(depth):
            layers.append(ConvolutionBlock(dim, recalibration=recalibration, reduction=reduction, dropout=dropout))
            if non_local:
                layers.append(NonLocal(attention.build(dim, position=inner), make_norm("layer", dim)))
        self.layers = nn.ModuleList(layers)
        self.norm = nn.GroupNorm(math.gcd(dim, 8), dim)

    def forward(self, x: Tensor, *, positions: Tensor | None = None) -> Tensor:
        """Run the network.

        Args:
            x: (B, D, rows, columns) features.
            positions: (B or 1, rows * columns) or (B or 1, rows * columns, C) positions of the places, row by row; None
                counts from 0.

        Returns:
            (B, D, rows, columns), normalised.
        """
        if self.position is not None:
            places, positions = enter(x.flatten(2).transpose(1, 2), self.position, positions, 0)
            x = places.transpose(1, 2).reshape(x.shape)
        for layer in self.layers:
            x = layer(x, positions=positions) if isinstance(layer, NonLocal) else layer(x)
        return F.relu(self.norm(x))


def _recalibration(name: Recalibration, channels: int, reduction: int) -> nn.Module | None:
    if name == "none":
        return None
    return SqueezeExcite(channels, reduction) if name == "se" else CBAM(channels, reduction)
