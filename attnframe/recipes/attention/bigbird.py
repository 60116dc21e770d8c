"""BigBird: windows of blocks, global blocks and random blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.attention.scored import ScoredVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.masks import Mask
    from attnframe.positions.base import Position


@frozen
class BigBirdAttention(ScoredVariant):
    """Blocks of tokens see the blocks beside them, global blocks and some random ones (Zaheer et al. 2020,
    https://arxiv.org/abs/2007.14062).

    head_h = softmax over j with block(j) near, global or drawn for block(i), or any j when i is global,
             of (Q_h K_h^T / sqrt(E)), times V_h

    Global are the first and the last tokens of a row, as many as `num_global` blocks hold, seen by all and seeing all.
    Causal attention has none at the end, and draws from the past only. Random blocks are drawn head by head from a seed
    of the variant's own, never anew. Time and memory grow with n times the blocks seen. It has no meaning across two
    sequences or on a graph.

    Args:
        num_heads: query heads H; must divide the model width.
        block: tokens of a block, at least 1.
        num_beside: blocks visible on each side of the query's own, at least 0; only to the left when causal.
        num_global: global blocks at the beginning, and at the end unless causal, at least 0.
        num_random: random blocks visible to each block of queries, at least 0.
        pattern_seed: of the random blocks.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    name: ClassVar[str] = "bigbird"
    summary: ClassVar[str] = "neighbouring, global and random blocks (Zaheer et al. 2020)"
    capabilities: ClassVar[Capabilities] = Capabilities(cross=False, edges=False, equivariant=False, cost="n*w")

    block: Annotated[int, AtLeast(1)] = 16
    num_beside: Annotated[int, AtLeast(0)] = 1
    num_global: Annotated[int, AtLeast(0)] = 1
    num_random: Annotated[int, AtLeast(0)] = 2
    pattern_seed: int = 0

    @classmethod
    def example(cls) -> BigBirdAttention:
        return cls(block=1, num_beside=1, num_random=1)

    def own_mask(self, causal: bool) -> Mask:
        from attnframe.masks import BlockWindow, Global, RandomBlocks

        tokens = self.num_global * self.block
        drawn = RandomBlocks(
            self.block,
            self.num_random,
            self.pattern_seed,
            skip=self.num_global,
            beside=self.num_beside,
            skip_last=0 if causal else self.num_global,
            causal=causal,
        )
        near = BlockWindow(self.block, self.num_beside, 0 if causal else self.num_beside)
        seen = near | Global(tokens, 0 if causal else tokens)
        return seen | drawn if self.num_random else seen

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import PatternMixer

        mixer = PatternMixer(self.softmax_mixer(dim), self.own_mask(causal))
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
