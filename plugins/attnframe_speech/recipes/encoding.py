"""Settings of the encoders of frames. Torch-free."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import ModelRecipe, Parts, TransformerRecipe
from attnframe.recipe import AtLeast, frozen

if TYPE_CHECKING:
    from attnframe.models import Conformer, Encoder


@frozen
class FrameModel(ModelRecipe, ABC):
    """Base of the models of frames: a stem that shortens them, and an encoder.

    Args:
        subsampling: frames that become one position: 2 or 4 by convolutions, 1 for a linear map of each frame.
        conv_width: channels of the convolutions.
    """

    subsampling: Literal[1, 2, 4] = 2
    conv_width: Annotated[int, AtLeast(1)] = 32

    @abstractmethod
    def build_encoder(self, parts: Parts, max_length: int) -> Encoder | Conformer:
        """Make the encoder of (B, T, D).

        Args:
            parts: attention and position recipes.
            max_length: most positions T that a learned table must hold.
        """


@frozen
class FrameTransformer(FrameModel, TransformerRecipe, ABC):
    """Blocks of attention and feed-forward layers over frames (Dong et al. 2018,
    https://doi.org/10.1109/ICASSP.2018.8462506)."""

    summary: ClassVar[str] = "blocks of attention and feed-forward layers over frames (Dong et al. 2018)"

    def build_encoder(self, parts: Parts, max_length: int) -> Encoder:
        from attnframe.models import Encoder

        position = parts.build_position(max_length=max_length)
        return Encoder(self.dim, self.depth, parts.attention, position, mlp_ratio=self.mlp_ratio, dropout=self.dropout)


@frozen
class FrameConformer(FrameModel, ABC):
    """Blocks of attention and convolution over frames (Gulati et al. 2020, https://arxiv.org/abs/2005.08100).

    Args:
        mlp_ratio: width of each of a block's two feed-forward layers over `dim`.
        kernel_size: odd number of positions that a convolution sees.
    """

    name: ClassVar[str] = "conformer"
    summary: ClassVar[str] = "blocks of attention and convolution over frames (Gulati et al. 2020)"

    mlp_ratio: Annotated[float, AtLeast(0.1)] = 4.0
    kernel_size: Annotated[int, AtLeast(1)] = 15

    def faults(self) -> Iterable[Fault]:
        yield from super().faults()
        if self.kernel_size % 2 == 0:
            yield self.fault("kernel_size", "must be odd", f"Try {self.kernel_size + 1}.")

    def build_encoder(self, parts: Parts, max_length: int) -> Conformer:
        from attnframe.models import Conformer

        return Conformer(
            self.dim,
            self.depth,
            parts.attention,
            parts.build_position(max_length=max_length),
            kernel_size=self.kernel_size,
            mlp_ratio=self.mlp_ratio,
            dropout=self.dropout,
        )
