"""Block attention: coarse-to-fine attention over a hierarchy of blocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.attention.base import AttentionVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class BlockAttention(AttentionVariant):
    """Coarse-to-fine attention: the blocks near a query token by token, farther ones by means of 2, 4, 8, ... tokens
    (H-Transformer-1D, Zhu & Soricut 2021, https://arxiv.org/abs/2107.11906).

    head_h = softmax over cells c of (Q_h mean_c(K_h)^T / sqrt(E) + log n_c), times mean_c(V_h)

    The cells cover all that a query may see, each key once, so that nothing is out of sight; n_c counts the tokens of a
    cell. Queries are not averaged, as they are in the paper, because a mean would tell a token of later ones. So time
    grows with n log n, as in Fast Multipole Attention (Kang et al. 2023, https://arxiv.org/abs/2310.11960). Rows of no
    more than two blocks get softmax attention exactly. A mean has no position of its own, so it takes no position bias;
    rotary positions turn keys before they are averaged. It has no meaning across two sequences or on a graph.

    Args:
        num_heads: query heads H; must divide the model width.
        block: tokens of a block, even, at least 2.
    """

    name: ClassVar[str] = "block"
    summary: ClassVar[str] = "near blocks token by token, far ones by their means (Zhu & Soricut 2021)"
    capabilities: ClassVar[Capabilities] = Capabilities(
        cross=False,
        edges=False,
        masks=frozenset({"padding"}),
        bias=False,
        weights="implied",
        dropout=False,
        exact=False,
        equivariant=False,
        cost="n*log(n)",
    )

    block: Annotated[int, AtLeast(2)] = 16

    @classmethod
    def example(cls) -> BlockAttention:
        return cls(block=2)

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.block % 2:
            near = f"Use {self.block - 1} or {self.block + 1}."
            yield self.fault("block", "must be even, so that its halves are cells of the next level", near)

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import CoarseToFineMixer

        mixer = CoarseToFineMixer(self.block)
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
