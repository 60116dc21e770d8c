"""Native sparse attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.attention.grouped import GroupedVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class NativeSparseAttention(GroupedVariant):
    """Native sparse attention (Yuan et al. 2025, https://arxiv.org/abs/2502.11089): summaries of all blocks, the keys
    of a few blocks that they point to, and a window, gated by the query's token.

    head_h = g_1 attend(Q_h, means of blocks) + g_2 attend(Q_h, keys of chosen blocks) + g_3 attend(Q_h, keys near)

    The gates are sigmoids of the token, three a head; the query heads of a group share the choice of blocks. As in
    flash-linear-attention, summaries are means and the branches share keys and values; the paper learns a map for the
    one and has projections of their own for the others. It is causal by nature. A mean has no position of its own, so
    it takes no position bias; rotary positions turn keys before they are averaged.

    Args:
        num_heads: query heads H; must divide the model width.
        num_kv_heads: key-value heads K, at least 1; must divide `num_heads`.
        block: tokens of a block, at least 1.
        num_selected: blocks chosen for a query, at least 3: the first, its own and the one before it are always
            among them.
        window: other tokens visible before the query in the window, at least 0.
    """

    name: ClassVar[str] = "native_sparse"
    summary: ClassVar[str] = "means of blocks, blocks chosen by them, and a window, gated (Yuan et al. 2025)"
    capabilities: ClassVar[Capabilities] = Capabilities(
        noncausal=False,
        cross=False,
        edges=False,
        masks=frozenset({"padding"}),
        bias=False,
        weights="implied",
        dropout=False,
        exact=False,
        shares=False,
        equivariant=False,
    )

    block: Annotated[int, AtLeast(1)] = 16
    num_selected: Annotated[int, AtLeast(3)] = 8
    window: Annotated[int, AtLeast(0)] = 64

    @classmethod
    def example(cls) -> NativeSparseAttention:
        return cls(block=2, num_selected=4, window=1)

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import NativeSparseMixer

        return Attention(
            dim,
            self.num_heads,
            num_kv_heads=self.num_kv_heads,
            context_dim=context_dim,
            causal=causal,
            position=position,
            mixer=NativeSparseMixer(self.block, self.num_selected, self.window),
        )
