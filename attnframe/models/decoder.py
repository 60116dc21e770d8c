"""The decoder: self-attention blocks, causal by default, with or without cross attention to a context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor

from attnframe.errors import ConfigurationError, Fault
from attnframe.masks import Mask
from attnframe.models.caches import Caches
from attnframe.models.stack import Stack, StackSettings
from attnframe.positions import Position
from attnframe.recipes.attention.base import AttentionVariant

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Decoder(Stack):
    """Stack of pre-norm blocks: GPT-2's (Radford et al. 2019) without a context, the decoder of Vaswani et al. 2017
    (https://arxiv.org/abs/1706.03762) with one; not causal, that of queries which see one another (DETR, Carion et al.
    2020, https://arxiv.org/abs/2005.12872).

    Args:
        dim: width D.
        depth: number of blocks, at least 1.
        attention: recipe of the attention layers, self and cross.
        position: position module; None for none. Cross attention gets none.
        context_dim: width C of the context that every block attends; None for no cross attention.
        causal: whether a query sees only itself and what came before.
        cross_attention: recipe of the cross-attention layers; None for `attention`.
        settings: ``mlp_ratio``, ``dropout``, ``activation``, ``norm`` and ``final_norm``, as in `Stack`.

    Raises:
        ConfigurationError: a size is out of range, or the variant cannot have this width.
        UnsupportedError: the variant cannot be causal (or non-causal), where that is asked, or cross, when
            `context_dim` is given.
    """

    def __init__(
        self,
        dim: int,
        depth: int,
        attention: AttentionVariant,
        position: Position | None = None,
        *,
        context_dim: int | None = None,
        causal: bool = True,
        cross_attention: AttentionVariant | None = None,
        **settings: Unpack[StackSettings],
    ) -> None:
        super().__init__(
            dim,
            depth,
            attention,
            position,
            causal=causal,
            context_dim=context_dim,
            cross_attention=cross_attention,
            **settings,
        )

    def forward(
        self,
        x: Tensor,
        context: Tensor | None = None,
        *,
        mask: Mask | None = None,
        positions: Tensor | None = None,
        context_mask: Mask | None = None,
        caches: Caches | None = None,
    ) -> Tensor:
        """Decode a sequence, or its next tokens.

        Args:
            x: (B, T, D); with `caches`, the tokens after those that they hold.
            context: (B, S, C), when there is cross attention; `caches` keep its projection from the first call on.
                (B / copies, S, C) with caches whose sequences share contexts.
            mask: who may see whom, besides causality where there is one; True means "may attend".
            positions: (B or 1, T) positions; None for 0..T-1, counted on from what `caches` hold.
            context_mask: who may see which part of the context.
            caches: past to read and extend, from `new_caches`.

        Returns:
            (B, T, D).

        Raises:
            ConfigurationError: when a context is missing, or given to a decoder without cross attention.
        """
        if (context is None) != (self.context_dim is None):
            must = "must be None without context_dim" if self.context_dim is None else "must be given with context_dim"
            got = "None" if context is None else f"shape {tuple(context.shape)}"
            raise ConfigurationError(Fault("context (Decoder)", must, got))
        return self._run(x, context, mask, positions, context_mask, caches)
