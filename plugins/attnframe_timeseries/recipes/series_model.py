"""`model=transformer` of series. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import Parts, TransformerRecipe
from attnframe.recipe import AtLeast, Between, frozen

if TYPE_CHECKING:
    from attnframe_timeseries.networks.series import SeriesNetwork


@frozen
class SeriesTransformer(TransformerRecipe):
    """Convolutions that make tokens of steps, the encoder over them, and a pooling (ConvTran, Foumani et al. 2024,
    https://arxiv.org/abs/2305.16642).

    Args:
        kernels: steps that each convolution covers, one after another; ``[8, 5, 3]`` are those of the fully
            convolutional network (Wang et al. 2017, https://arxiv.org/abs/1611.06455), here below attention.
        stride: steps from one token to the next, in the first convolution.
        pool: ``mean`` of the tokens, or ``attention``, a learned softmax weighting.
        label_smoothing: share of the target spread over all classes in training, in [0, 1].
        head_dropout: probability of dropping an element before the head in training, in [0, 1].
    """

    summary: ClassVar[str] = "tokens of convolutions through an encoder (ConvTran, Foumani et al. 2024)"

    kernels: tuple[Annotated[int, AtLeast(1)], ...] = (8,)
    stride: Annotated[int, AtLeast(1)] = 1
    pool: Literal["mean", "attention"] = "mean"
    label_smoothing: Annotated[float, Between(0, 1)] = 0.0
    head_dropout: Annotated[float, Between(0, 1)] = 0.0

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if not self.kernels:
            yield self.fault("kernels", "must name at least one convolution", "Try [8].")

    def build(self, parts: Parts, channels: int, length: int) -> SeriesNetwork:
        """Make the network.

        Args:
            parts: attention and position recipes.
            channels: C of a series. length: steps of the longest.
        """
        from attnframe_timeseries.networks.series import SeriesNetwork

        return SeriesNetwork(self, parts, channels, length)
