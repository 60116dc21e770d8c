"""`model=transformer`. Torch-free."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal

from attnframe.errors import Fault
from attnframe.plugin.contract import Parts, TransformerRecipe
from attnframe.recipe import frozen
from attnframe_vision.recipes.stem import StemmedModel

if TYPE_CHECKING:
    from attnframe_vision.networks.transformer import TransformerNetwork


@frozen
class ImageTransformer(StemmedModel, TransformerRecipe):
    """A stem that turns a picture into tokens, the encoder and a pooling.

    Args:
        pool: ``mean`` of the tokens, a learned ``class_token``, or ``attention``, a learned softmax weighting (CCT's
            sequence pooling).
    """

    summary: ClassVar[str] = "patches or convolutional tokens through an encoder (ViT 2021, CCT 2021)"

    pool: Literal["mean", "class_token", "attention"] = "mean"

    def part_faults(self, parts: Parts) -> Iterable[Fault]:
        yield from super().part_faults(parts)
        if self.pool == "class_token" and parts.attention.capabilities.cost == "n*w":
            must = (
                f"cannot be class_token with attention={parts.attention.name}: the first token sees only a few others"
            )
            yield self.fault("pool", must, "Try model.pool=mean or attention=mha.")

    def build(self, parts: Parts, channels: int, height: int, width: int) -> TransformerNetwork:
        from attnframe_vision.networks.transformer import TransformerNetwork

        return TransformerNetwork(self, parts, channels, height, width)
