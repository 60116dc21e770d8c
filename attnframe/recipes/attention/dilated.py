"""Dilated window attention."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.attention.scored import ScoredVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.masks import Dilated
    from attnframe.positions.base import Position


@frozen
class DilatedAttention(ScoredVariant):
    """Sliding windows with gaps (Beltagy et al. 2020, https://arxiv.org/abs/2004.05150): each query sees every d-th
    token near it.

    head_h = softmax over j = i + d_h * m, -left <= m <= right, of (Q_h K_h^T / sqrt(E)), times V_h

    Heads take their dilations d in turn, so that some see what is near and others, at the same cost, what is d times
    farther (as in LongNet, Ding et al. 2023, https://arxiv.org/abs/2307.02486, with its powers of two). One dilation
    above 1 for all heads parts the tokens into d sequences that never meet. Time and memory grow with n times the
    window. It has no meaning across two sequences or on a graph.

    Args:
        num_heads: query heads H; must divide the model width.
        window: other tokens visible, at least 0, self always besides: w means w to the left when causal, else w on each
            side; or [left, right].
        dilation: distance of neighbouring visible tokens, at least 1: one for all heads, or a list for the heads in
            turn.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    name: ClassVar[str] = "dilated"
    summary: ClassVar[str] = "windows with gaps, wider for some heads (Beltagy et al. 2020)"
    capabilities: ClassVar[Capabilities] = Capabilities(cross=False, edges=False, equivariant=False, cost="n*w")

    window: Annotated[int, AtLeast(0)] | tuple[Annotated[int, AtLeast(0)], Annotated[int, AtLeast(0)]] = 16
    dilation: Annotated[int, AtLeast(1)] | tuple[Annotated[int, AtLeast(1)], ...] = (1, 2, 4, 8)

    @classmethod
    def example(cls) -> DilatedAttention:
        return cls(window=1, dilation=(1, 2))

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.dilation == ():
            yield self.fault("dilation", "must name at least one distance", "Use attention.dilation=[1,2,4,8].")

    def own_mask(self, causal: bool) -> Dilated:
        from attnframe.masks import Dilated

        if isinstance(self.window, tuple):
            return Dilated(*self.window, self.dilation)
        return Dilated(self.window, 0 if causal else self.window, self.dilation)

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import PatternMixer

        mixer = PatternMixer(self.softmax_mixer(dim), self.own_mask(causal))
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
