"""Nyström attention."""

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
class NystromAttention(AttentionVariant):
    """Nyström attention, as in the Nyströmformer (Xiong et al. 2021, https://arxiv.org/abs/2102.03902): softmax
    attention through landmarks, in linear time.

    head_h = softmax(Q K~^T) pinv(softmax(Q~ K~^T)) softmax(Q~ K^T) V + conv_h(V), scores over sqrt(E)

    The landmarks Q~ and K~ are means of segments of the real tokens, so padding changes nothing; a row of no more
    tokens than landmarks gets softmax attention exactly. They see all tokens: there is no causal form, and no cross
    attention, whose queries' padding is not known.

    Args:
        num_heads: query heads H; must divide the model width.
        num_landmarks: segments of a row, at least 1.
        iterations: steps of the pseudo-inverse, at least 1.
        kernel_size: width of the convolution over the values, odd; null for no convolution.
    """

    name: ClassVar[str] = "nystrom"
    summary: ClassVar[str] = "softmax attention through landmarks, linear time (Xiong et al. 2021)"
    capabilities: ClassVar[Capabilities] = Capabilities(
        causal=False,
        cross=False,
        edges=False,
        masks=frozenset({"padding"}),
        bias=False,
        weights="implied",
        cache="none",
        dropout=False,
        exact=False,
        shares=False,
        equivariant=False,
        cost="n",
    )

    num_landmarks: Annotated[int, AtLeast(1)] = 32
    iterations: Annotated[int, AtLeast(1)] = 6
    kernel_size: Annotated[int | None, AtLeast(1)] = 33

    @classmethod
    def example(cls) -> NystromAttention:
        return cls(num_landmarks=2, kernel_size=3)

    def faults(self) -> Iterable[Fault]:
        if self.kernel_size is not None and self.kernel_size % 2 == 0:
            near = f"Use {self.kernel_size - 1} or {self.kernel_size + 1}, or null for no convolution."
            yield self.fault("kernel_size", "must be odd, to stand around a token", near)

    def build(
        self, dim: int, *, causal: bool = False, position: Position | None = None, context_dim: int | None = None
    ) -> Attention:
        from attnframe.attention.layer import Attention
        from attnframe.attention.mixers import NystromMixer

        mixer = NystromMixer(self.num_heads, self.num_landmarks, self.iterations, self.kernel_size)
        return Attention(dim, self.num_heads, context_dim=context_dim, causal=causal, position=position, mixer=mixer)
