"""Multi-head latent attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.attention.scored import BackedVariant
from attnframe.recipes.capabilities import Capabilities

if TYPE_CHECKING:
    from attnframe.attention.layer import Attention
    from attnframe.positions.base import Position


@frozen
class MultiHeadLatentAttention(BackedVariant):
    """Multi-head latent attention (DeepSeek-AI 2024, https://arxiv.org/abs/2405.04434): the keys and values of all
    heads come from one small latent vector a token.

    l = rms_norm(x Wl), r = rotate(x Wr);  k_h = [l Uk_h, r], v_h = l Uv_h, q_h = [x Wq_h, rotate(x Wqr_h)]
    head_h = softmax(q_h k_h^T / sqrt(E + Er)) v_h

    Decoding keeps R + Er numbers a token instead of 2 H E; the maps Uk and Uv are absorbed by query and output.

    Args:
        num_heads: heads H; must divide the model width, D / H = E being the width of values and of the unrotated part.
        latent_dim: width R of the latent vector; null for D / 2.
        rotary_dim: width Er of the part that is rotated and shared by the heads, at least 2, even.
        dropout: probability of dropping an attention weight in training, in [0, 1].
        backend: ``auto`` plans and may fall back (logged once); a named backend raises rather than falls back.
    """

    name: ClassVar[str] = "mla"
    summary: ClassVar[str] = "keys and values from one latent vector a token (DeepSeek-AI 2024)"
    capabilities: ClassVar[Capabilities] = Capabilities(relative=False, cache="latent")

    latent_dim: Annotated[int | None, AtLeast(1)] = None
    rotary_dim: Annotated[int, AtLeast(2)] = 16

    @classmethod
    def example(cls) -> MultiHeadLatentAttention:
        return cls(latent_dim=6, rotary_dim=2)

    def rotary_width(self, dim: int) -> int:
        return self.rotary_dim

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import SoftmaxMixer
        from attnframe.attention.projections import LatentProjections
        from attnframe.attention.scores import ScaledDot

        width = dim // self.num_heads
        latent = self.latent_dim if self.latent_dim is not None else max(1, dim // 2)
        projections = LatentProjections(dim, self.num_heads, latent, width, self.rotary_dim, context_dim=context_dim)
        score = ScaledDot(width + self.rotary_dim)
        return Attention(
            dim,
            self.num_heads,
            context_dim=context_dim,
            causal=causal,
            position=position,
            mixer=SoftmaxMixer(score, dropout=self.dropout, backend=self.backend),
            projections=projections,
        )
