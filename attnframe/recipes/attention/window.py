"""Sliding-window attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.attention.scored import ScoredVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.masks import Window
    from attnframe.positions.base import Position


@frozen
class WindowAttention(ScoredVariant):
    """Sliding-window attention (Beltagy et al. 2020, https://arxiv.org/abs/2004.05150): each query sees the keys near
    it.

    head_h = softmax over i - left <= j <= i + right of (Q_h K_h^T / sqrt(E)), times V_h

    Time and memory grow with n times the window; decoding keeps the last `left` tokens. It has no meaning across two
    sequences or on a graph.

    Args:
        num_heads: query heads H; must divide the model width.
        window: other tokens visible, at least 0, self always besides: w means w to the left when causal, else w on
            each side; or [left, right].
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    name: ClassVar[str] = "window"
    summary: ClassVar[str] = "each query sees the keys near it only (Beltagy et al. 2020)"
    capabilities: ClassVar[Capabilities] = Capabilities(cross=False, edges=False, cache="ring", cost="n*w")

    window: Annotated[int, AtLeast(0)] | tuple[Annotated[int, AtLeast(0)], Annotated[int, AtLeast(0)]] = 64

    @classmethod
    def example(cls) -> WindowAttention:
        return cls(window=2)

    def own_mask(self, causal: bool) -> Window:
        from attnframe.masks import Window

        if isinstance(self.window, tuple):
            return Window(*self.window)
        return Window(self.window, 0 if causal else self.window)

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import WindowMixer

        window = self.own_mask(causal)
        mixer = WindowMixer(self.softmax_mixer(dim), window.left, window.right)
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
