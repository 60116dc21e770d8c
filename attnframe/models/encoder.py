"""The encoder: self-attention blocks over one sequence or set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor

from attnframe.masks import Mask
from attnframe.models.caches import Caches
from attnframe.models.stack import Stack, StackSettings
from attnframe.positions import Position
from attnframe.recipes.attention.base import AttentionVariant

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Encoder(Stack):
    """Stack of pre-norm self-attention blocks: the encoder of Vaswani et al. 2017 (https://arxiv.org/abs/1706.03762).

    Made once for all domains: patches, tokens, frames and series are sequences (B, T, D); a graph of N nodes is one
    sequence (1, N, D) with the mask `Edges`.

    Args:
        dim: width D.
        depth: number of blocks, at least 1.
        attention: recipe of the attention layers.
        position: position module; None for none.
        causal: whether a query sees only itself and what came before.
        settings: ``mlp_ratio``, ``dropout``, ``activation``, ``norm`` and ``final_norm``, as in `Stack`.

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
        causal: bool = False,
        **settings: Unpack[StackSettings],
    ) -> None:
        super().__init__(dim, depth, attention, position, causal=causal, context_dim=None, **settings)

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
