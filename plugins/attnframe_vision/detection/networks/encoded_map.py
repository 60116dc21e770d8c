"""What all networks of boxes begin with: convolutions, and an encoder over the places of their map."""

from __future__ import annotations

from torch import Tensor, nn

from attnframe.models import Encoder
from attnframe.plugin.contract import Parts
from attnframe.positions import grid
from attnframe_vision.detection.networks.backbone import Backbone
from attnframe_vision.detection.recipes.model import DetectionModel


class EncodedMap(nn.Module):
    """Backbone and encoder.

    A position scheme that reads a grid gets the row and column of each place; one that reads an order, the places row
    by row from the top left.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        height: H of the pictures in pixels. width: W in pixels.

    Shapes: pictures (B, 3, H, W), normalised, to tokens (B, R C, D), R rows by C columns.
    """

    places: Tensor | None

    def __init__(self, model: DetectionModel, parts: Parts, height: int, width: int) -> None:
        super().__init__()
        self.backbone = Backbone(model)
        self.grid = model.grid(height, width)
        rows, columns = self.grid
        places = grid(rows, columns) if parts.position.reads == "grid" else None
        self.register_buffer("places", places, persistent=False)
        position = parts.build_position(max_length=rows * columns, grid=self.grid)
        self.encoder = Encoder(
            model.dim, model.depth, parts.attention, position, mlp_ratio=model.mlp_ratio, dropout=model.dropout
        )

    def forward(self, pictures: Tensor) -> Tensor:
        tokens = self.backbone(pictures).flatten(2).transpose(1, 2)
        encoded: Tensor = self.encoder(tokens, positions=self.places)
        return encoded
