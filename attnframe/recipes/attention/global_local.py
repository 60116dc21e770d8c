"""Window attention with global tokens."""

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
class GlobalLocalAttention(ScoredVariant):
    """Sliding windows and global tokens that see all and are seen by all (Beltagy et al. 2020,
    https://arxiv.org/abs/2004.05150).

    head_h = softmax over j near i, j global, or any j when i is global, of (Q_h K_h^T / sqrt(E)), times V_h

    Global are the first tokens of a row, where a class token or a question stands. In causal attention they are seen by
    all that come after them and see, as every token, what came before. Longformer projects global tokens by matrices
    of their own; here all tokens share one. Time and memory grow with n times the window. It has no meaning across two
    sequences or on a graph.

    Args:
        num_heads: query heads H; must divide the model width.
        window: other tokens visible, at least 0, self always besides: w means w to the left when causal, else w on each
            side; or [left, right].
        num_global: global tokens at the beginning of a row, at least 0.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    name: ClassVar[str] = "global_local"
    summary: ClassVar[str] = "windows, and global tokens that see and are seen by all (Beltagy et al. 2020)"
    capabilities: ClassVar[Capabilities] = Capabilities(cross=False, edges=False, equivariant=False, cost="n*w")

    window: Annotated[int, AtLeast(0)] | tuple[Annotated[int, AtLeast(0)], Annotated[int, AtLeast(0)]] = 64
    num_global: Annotated[int, AtLeast(0)] = 1

    @classmethod
    def example(cls) -> GlobalLocalAttention:
        return cls(window=1, num_global=2)

    def own_mask(self, causal: bool) -> Mask:
        from attnframe.masks import Global, Window

        sides = self.window if isinstance(self.window, tuple) else (self.window, 0 if causal else self.window)
        return Window(*sides) | Global(self.num_global)

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import PatternMixer

        mixer = PatternMixer(self.softmax_mixer(dim), self.own_mask(causal))
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
