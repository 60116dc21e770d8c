"""What encoder and decoder share: input position, residual blocks, final norm."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import TypedDict, cast

from torch import Tensor, nn

from attnframe.blocks import Activation, Block, BlockCache, Dropout, FeedForward, Norm, make_norm
from attnframe.errors import Fault, UnsupportedError
from attnframe.masks import Mask
from attnframe.models.caches import Caches
from attnframe.models.demands import check_demands
from attnframe.models.initialise import initialise
from attnframe.models.positioning import divide, enter
from attnframe.models.steps import Steps
from attnframe.positions import Position
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Needs


class StackSettings(TypedDict, total=False):
    """What encoder and decoder take alike besides sizes, attention and position; see `Stack`."""

    mlp_ratio: float
    dropout: float
    activation: Activation
    norm: Norm
    final_norm: bool


class Stack(nn.Module, ABC):
    """Base of `Encoder` and `Decoder`.

    A position that is added enters once, at the input; one that rotates or adds a bias is handed to every
    self-attention layer. Weights start as `initialise` draws them, with a deviation of :math:`(3D)^{-1/2}`: GPT-2's
    0.02 at its width of 768, and the same size of outputs at any other.

    Args:
        dim: width D.
        depth: number of blocks, at least 1.
        attention: recipe of the attention layers.
        position: position module, shared by the blocks; None for none.
        mlp_ratio: width of the feed-forward layer over `dim`, above 0.
        dropout: probability of dropping an element of the input or of a branch's output in training, in [0, 1].
        activation: of the feed-forward layer: ``gelu``, ``relu``, ``silu``, ``squared_relu`` or ``swiglu``.
        norm: ``layer`` or ``rms``.
        final_norm: whether the output of the last block is normalised.
        causal: whether a query sees only itself and what came before.
        context_dim: width C of the context of cross attention; None for no cross attention.
        cross_attention: recipe of the cross-attention layers; None for `attention`.

    Raises:
        ConfigurationError: a size is out of range, or the variant cannot have this width.
        UnsupportedError: the variant cannot be causal, non-causal or cross, where that is asked.
    """

    def __init__(
        self,
        dim: int,
        depth: int,
        attention: AttentionVariant,
        position: Position | None,
        *,
        mlp_ratio: float = 4.0,
        dropout: float = 0.0,
        activation: Activation = "gelu",
        norm: Norm = "layer",
        final_norm: bool = True,
        causal: bool,
        context_dim: int | None,
        cross_attention: AttentionVariant | None = None,
    ) -> None:
        super().__init__()
        crossing = attention if cross_attention is None else cross_attention
        needs = Needs(causal=causal, noncausal=not causal, cross=context_dim is not None and crossing is attention)
        check_demands(attention, needs, dim, depth=depth, dropout=dropout, mlp_ratio=mlp_ratio)
        if context_dim is not None and crossing is not attention:
            check_demands(crossing, Needs(cross=True), dim, depth=depth, dropout=dropout)
        self.dim, self.context_dim, self.causal = dim, context_dim, causal
        self.position, inner = divide(position)
        self.dropout = Dropout(dropout) if dropout else None
        self.blocks = nn.ModuleList(
            Block(
                dim,
                attention.build(dim, causal=causal, position=inner),
                FeedForward(dim, max(1, round(mlp_ratio * dim)), activation),
                cross_attention=None if context_dim is None else crossing.build(dim, context_dim=context_dim),
                norm=norm,
                dropout=dropout,
            )
            for _ in range(depth)
        )
        self.norm = make_norm(norm, dim) if final_norm else None
        initialise(self, std=(3 * dim) ** -0.5)

    def _run(
        self,
        x: Tensor,
        context: Tensor | None,
        mask: Mask | None,
        positions: Tensor | None,
        context_mask: Mask | None,
        caches: Caches | None,
    ) -> Tensor:
        x, positions = enter(x, self.position, positions, 0 if caches is None else caches.length)
        if self.dropout is not None:
            x = self.dropout(x)
        plain = x.shape[1] == 1 and mask is None and positions is None
        if plain and caches is not None and caches.steps is not None and caches.steps.possible:
            x = caches.steps(x, cast("Sequence[BlockCache]", caches), context, context_mask)
        else:
            for i, block in enumerate(self.blocks):
                x = block(
                    x,
                    context,
                    mask=mask,
                    positions=positions,
                    context_mask=context_mask,
                    cache=None if caches is None else caches[i],
                )
        if self.norm is not None:
            x = self.norm(x)
        return x

    def new_caches(self, batch: int, max_length: int | None = None, copies: int = 1) -> Caches:
        """Empty caches for decoding step by step.

        Args:
            batch: sequences B.
            max_length: most tokens they will hold; None lets them grow.
            copies: sequences in a row that share a context, a divisor of `batch`; the context is then given once for
                them all, (B / copies, S, C).

        Raises:
            UnsupportedError: when the blocks are not causal, so the past changes with every token.
        """
        if not self.causal:
            raise UnsupportedError(
                Fault(f"{type(self).__name__}.new_caches", "needs causal blocks", "causal=False", "Use a Decoder.")
            )
        blocks = cast("list[Block]", self.blocks)
        return Caches((block.new_cache(batch, max_length, copies) for block in blocks), Steps(blocks))
