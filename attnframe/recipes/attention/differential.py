"""Differential attention."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.errors import Fault
from attnframe.recipe import Between, frozen
from attnframe.recipes.attention.scored import BackedVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class DifferentialAttention(BackedVariant):
    """Differential attention (Ye et al. 2024, https://arxiv.org/abs/2410.05258): the difference of two softmax maps.

    head_h = (1 - lambda_init) rms_norm((softmax(Q1 K1^T / sqrt(E / 2)) - lambda softmax(Q2 K2^T / sqrt(E / 2))) V)

    Q1, Q2 and K1, K2 are the halves of a head's queries and keys; lambda is learned. So at equal width it wants half as
    many heads as multi-head attention.

    Args:
        num_heads: heads H; must divide the model width into an even head width.
        lambda_init: what lambda starts around, from 0 to 1.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    name: ClassVar[str] = "differential"
    summary: ClassVar[str] = "the difference of two softmax maps (Ye et al. 2024)"
    capabilities: ClassVar[Capabilities] = Capabilities(relative=False, exact=False, shares=False)

    lambda_init: Annotated[float, Between(0, 0.99)] = 0.8

    def rotary_width(self, dim: int) -> int:
        return dim // self.num_heads // 2

    def width_faults(self, dim: int) -> Iterable[Fault]:
        yield from super().width_faults(dim)
        if dim % (2 * self.num_heads):
            heads = ", ".join(str(h) for h in range(1, min(dim, 64) + 1) if dim % (2 * h) == 0)
            must = f"must divide model.dim={dim} into an even head width"
            yield self.fault("num_heads", must, f"Possible: {heads}.")

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import DifferentialMixer
        from attnframe.attention.projections import SeparateProjections

        mixer = DifferentialMixer(dim // self.num_heads, self.lambda_init, self.dropout, self.backend)
        projections = SeparateProjections(dim, self.num_heads, context_dim=context_dim, rotary_parts=2)
        return Attention(
            dim,
            self.num_heads,
            context_dim=context_dim,
            causal=causal,
            position=position,
            mixer=mixer,
            projections=projections,
        )
