"""The encoder: self-attention blocks over one sequence or set."""

from __future__ import annotations

from torch import Tensor

from attnframe.blocks import Activation, Norm
from attnframe.masks import Mask
from attnframe.models.caches import Caches
from attnframe.models.stack import Stack
from attnframe.positions import Position
from attnframe.recipes.attention.base import AttentionVariant


class Encoder(Stack):
    """Stack of pre-norm self-attention blocks: the encoder of Vaswani et al. 2017 (https://arxiv.org/abs/1706.03762).

    Made once for all domains: patches, tokens, frames and series are sequences (B, T, D); a graph of N nodes is one
    sequence (1, N, D) with the mask `Edges`.

    Args:
        dim: width D.
        depth: number of blocks, at least 1.
        attention: recipe of the attention layers.
        position: position module; None for none.
        mlp_ratio: width of the feed-forward layer over `dim`, above 0.
        dropout: probability of dropping an element of the input or of a branch's output in training, in [0, 1].
        activation: of the feed-forward layer: ``gelu``, ``relu``, ``squared_relu`` or ``swiglu``.
        norm: ``layer`` or ``rms``.
        causal: whether a query sees only itself and what came before.
        final_norm: whether the output of the last block is normalised.

    Raises:
        ConfigurationError: a size is out of range, or the variant cannot have this width.
        UnsupportedError: the variant cannot be causal (or non-causal), where that is asked.
    """

    def __init__(
        self,
        dim: int,
        depth: int,
        attention: AttentionVariant,
        position: Position | None = None,
        *,
        mlp_ratio: float = 4.0,
        dropout: float = 0.0,
        activation: Activation = "gelu",
        norm: Norm = "layer",
        causal: bool = False,
        final_norm: bool = True,
    ) -> None:
        super().__init__(
            dim,
            depth,
            attention,
            position,
            mlp_ratio=mlp_ratio,
            dropout=dropout,
            activation=activation,
            norm=norm,
            causal=causal,
            final_norm=final_norm,
            context_dim=None,
        )

    def forward(
        self, x: Tensor, *, mask: Mask | None = None, positions: Tensor | None = None, caches: Caches | None = None
    ) -> Tensor:
        """Encode a sequence.

        Args:
            x: (B, T, D).
            mask: who may see whom; True means "may attend". None for everyone.
            positions: (B or 1, T) positions; None for 0..T-1, counted on from what `caches` hold.
            caches: past to read and extend; causal encoders only.

        Returns:
            (B, T, D).
        """
        return self._run(x, None, mask, positions, None, caches)
