"""The Conformer: self-attention and convolution over one sequence."""

from __future__ import annotations

from torch import Tensor, nn

from attnframe.blocks import Activation, ConformerBlock, ConvolutionModule, Dropout, FeedForward, Norm
from attnframe.masks import Mask
from attnframe.models.demands import check_demands
from attnframe.models.positioning import divide, enter
from attnframe.positions import Position
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Needs


class Conformer(nn.Module):
    """Stack of blocks of attention and depthwise convolution (Gulati et al. 2020, https://arxiv.org/abs/2005.08100).

    Weights start as torch's layers have them: a norm ends each block, so branches need no smaller start.

    Args:
        dim: width D.
        depth: number of blocks, at least 1.
        attention: recipe of the attention layers.
        position: position module, shared by the blocks; None for none.
        kernel_size: odd number of positions that a convolution sees.
        mlp_ratio: width of the feed-forward layers over `dim`, above 0.
        dropout: probability of dropping an element of the input or of a branch's output in training, in [0, 1].
        activation: of the feed-forward layers.
        norm: ``layer`` or ``rms``.

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
        kernel_size: int = 31,
        mlp_ratio: float = 4.0,
        dropout: float = 0.0,
        activation: Activation = "silu",
        norm: Norm = "layer",
    ) -> None:
        super().__init__()
        check_demands(attention, Needs(noncausal=True), dim, depth=depth, dropout=dropout, mlp_ratio=mlp_ratio)
        self.dim = dim
        self.position, inner = divide(position)
        self.dropout = Dropout(dropout) if dropout else None
        hidden = max(1, round(mlp_ratio * dim))
        self.blocks = nn.ModuleList(
            ConformerBlock(
                dim,
                attention.build(dim, position=inner),
                ConvolutionModule(dim, kernel_size),
                FeedForward(dim, hidden, activation),
                FeedForward(dim, hidden, activation),
                norm=norm,
                dropout=dropout,
            )
            for _ in range(depth)
        )

    def forward(self, x: Tensor, *, mask: Mask | None = None, positions: Tensor | None = None) -> Tensor:
        """Encode a sequence.

        Args:
            x: (B, T, D).
            mask: who may see whom, `Padding` for batches of unequal length; None for everyone.
            positions: (B or 1, T) positions; None for 0..T-1.

        Returns:
            (B, T, D).
        """
        x, positions = enter(x, self.position, positions, 0)
        if self.dropout is not None:
            x = self.dropout(x)
        for block in self.blocks:
            x = block(x, mask=mask, positions=positions)
        return x
