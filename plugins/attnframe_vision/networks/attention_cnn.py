"""`model=attention_cnn`: convolutions with attention over channels and places."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from attnframe.explanation.read_out import read
from attnframe.models import AttentionCNN
from attnframe.plugin.contract import Parts
from attnframe.plugin.subject import Maps
from attnframe.positions import grid
from attnframe_vision.networks.base import PictureNetwork
from attnframe_vision.networks.stems import ConvStem
from attnframe_vision.recipes.attention_cnn import ImageCNN


class CNNNetwork(PictureNetwork):
    """Convolutional stem, `AttentionCNN` and the mean over the places.

    Args:
        model: its recipe.
        parts: attention and position recipes; both serve the non-local blocks.
        channels: C of the pictures.
        height: H in pixels. width: W in pixels.
    """

    places: Tensor | None

    def __init__(self, model: ImageCNN, parts: Parts, channels: int, height: int, width: int) -> None:
        super().__init__(model.dim)
        self.stem = ConvStem(channels, height, width, model.conv_widths(height, width))
        reads_grid = parts.position.reads == "grid"
        self.register_buffer("places", grid(*self.stem.grid) if reads_grid else None, persistent=False)
        self.cnn = AttentionCNN(
            model.dim,
            model.depth,
            parts.attention,
            parts.build_position(max_length=self.stem.tokens, grid=self.stem.grid) if model.non_local else None,
            recalibration=model.recalibration,
            reduction=model.reduction,
            non_local=model.non_local,
            dropout=model.dropout,
        )

    def forward(self, pictures: Tensor) -> Tensor:
        features: Tensor = self.cnn(self.stem.features(pictures), positions=self.places)
        return features.mean((2, 3))

    @property
    def grid(self) -> tuple[int, int]:
        return self.stem.grid

    def parts(self, maps: Maps, pooled: Mapping[str, Tensor], prefix: str) -> Tensor:
        return read(maps.through(f"{prefix}cnn.layers."))[0].view(self.grid)
