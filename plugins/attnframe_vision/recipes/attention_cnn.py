"""`model=attention_cnn`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import Parts
from attnframe.recipe import AtLeast, frozen
from attnframe.recipes.capabilities import Needs
from attnframe_vision.recipes.stem import ConvolvedModel

if TYPE_CHECKING:
    from attnframe_vision.networks.attention_cnn import CNNNetwork


@frozen
class ImageCNN(ConvolvedModel):
    """Residual convolutions with attention over channels and places.

    `depth` counts the residual blocks of two convolutions.

    Args:
        recalibration: what weighs the channels of each block: ``se`` (squeeze-and-excitation, Hu et al. 2018,
            arXiv:1709.01507), ``cbam``, which weighs the places too (Woo et al. 2018, arXiv:1807.06521), or ``none``.
        reduction: channels over hidden units of the recalibration.
        non_local: whether a non-local block (Wang et al. 2018, arXiv:1711.07971), made of the attention variant,
            follows each block. Without, neither attention nor position has anything to do, and both must be ``none``.
    """

    name: ClassVar[str] = "attention_cnn"
    summary: ClassVar[str] = "residual convolutions with channel attention and non-local blocks (SE 2018, CBAM 2018)"

    recalibration: Literal["se", "cbam", "none"] = "se"
    reduction: Annotated[int, AtLeast(1)] = 16
    non_local: bool = True

    def needs(self) -> Needs:
        return Needs(noncausal=self.non_local)

    def part_faults(self, parts: Parts) -> Iterable[Fault]:
        yield from super().part_faults(parts)
        idle = [f"{part.where}={part.name}" for part in (parts.attention, parts.position) if part.name != "none"]
        if idle and not self.non_local:
            must = f"must be true with {' '.join(idle)}, which only the non-local blocks use"
            yield self.fault("non_local", must, "Or choose attention=none position=none.")

    def build(self, parts: Parts, channels: int, height: int, width: int) -> CNNNetwork:
        from attnframe_vision.networks.attention_cnn import CNNNetwork

        return CNNNetwork(self, parts, channels, height, width)
