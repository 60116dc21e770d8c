"""Recurrent networks whose states attend over one another."""

from __future__ import annotations

from typing import cast

from torch import Tensor, nn

from attnframe.blocks import Dropout, Norm, make_norm
from attnframe.bridges import Cell, RecurrentBlock, RecurrentLayerCache
from attnframe.errors import Fault, UnsupportedError
from attnframe.masks import Mask
from attnframe.models.caches import Caches
from attnframe.models.demands import check_demands
from attnframe.models.positioning import divide, enter
from attnframe.positions import Position
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Needs


class AttentionRNN(nn.Module):
    """Stack of recurrent layers whose states attend over one another, `RecurrentBlock`: one way for language models
    (Daniluk et al. 2017, https://arxiv.org/abs/1702.04521), both ways for encoders.

    The recurrence knows the order of tokens by itself; a position reaches input or attention as in `Encoder`.

    Args:
        dim: width D; even when not causal.
        depth: number of blocks, at least 1.
        attention: recipe of the attention layers.
        position: position module; None for none.
        cell: ``lstm`` or ``gru``.
        dropout: probability of dropping an element of the input or of a branch's output in training, in [0, 1].
        norm: kind of norm before each recurrence: ``layer`` or ``rms``.
        causal: whether tokens are read one way and see only what came before.
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
        cell: Cell = "lstm",
        dropout: float = 0.0,
        norm: Norm = "layer",
        causal: bool = False,
        final_norm: bool = True,
    ) -> None:
        super().__init__()
        check_demands(attention, Needs(causal=causal, noncausal=not causal), dim, depth=depth, dropout=dropout)
        self.dim, self.causal = dim, causal
        self.position, inner = divide(position)
        self.dropout = Dropout(dropout) if dropout else None
        self.blocks = nn.ModuleList(
            RecurrentBlock(
                dim,
                attention.build(dim, causal=causal, position=inner),
                cell=cell,
                norm=norm,
                dropout=dropout,
            )
            for _ in range(depth)
        )
        self.norm = make_norm(norm, dim) if final_norm else None

    def forward(
        self, x: Tensor, *, mask: Mask | None = None, positions: Tensor | None = None, caches: Caches | None = None
    ) -> Tensor:
        """Read a sequence, or its next tokens.

        Args:
            x: (B, T, D); with `caches`, the tokens after those that they hold.
            mask: `Padding`, True = real token; None when all are real.
            positions: (B or 1, T) positions; None for 0..T-1, counted on from what `caches` hold.
            caches: past to read and extend, from `new_caches`, without a mask.

        Returns:
            (B, T, D).
        """
        x, positions = enter(x, self.position, positions, 0 if caches is None else caches.length)
        if self.dropout is not None:
            x = self.dropout(x)
        for number, block in enumerate(self.blocks):
            cache = None if caches is None else cast("RecurrentLayerCache", caches[number])
            x = block(x, mask=mask, positions=positions, cache=cache)
        return x if self.norm is None else self.norm(x)

    def new_caches(self, batch: int, max_length: int | None = None) -> Caches:
        """Empty caches for decoding step by step.

        Args:
            batch: sequences B.
            max_length: most tokens they will hold; None lets them grow.

        Raises:
            UnsupportedError: when tokens are read both ways, so the past changes with every token.
        """
        if not self.causal:
            works = "Use causal=True."
            raise UnsupportedError(Fault("AttentionRNN.new_caches", "needs causal blocks", "causal=False", works))
        return Caches(cast("RecurrentBlock", block).new_cache(batch, max_length) for block in self.blocks)
