"""`model=hierarchical`: tokens make parts, parts a picture."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from attnframe.explanation.read_out import hierarchy
from attnframe.models import Encoder, Hierarchical
from attnframe.plugin.contract import Parts
from attnframe.plugin.subject import Maps
from attnframe.positions import grid
from attnframe_vision.networks.base import PictureNetwork
from attnframe_vision.networks.stems import build_stem
from attnframe_vision.recipes.hierarchical import ImageHierarchy


class HierarchicalNetwork(PictureNetwork):
    """Stem and `Hierarchical`: the tokens of a row or region are encoded and pooled, then the rows or regions.

    A position scheme that reads a grid gets rows and columns within the region at the lower level, and those of the
    regions at the upper.

    Args:
        model: its recipe.
        parts: attention and position recipes; each level has modules of its own.
        channels: C of the pictures.
        height: H in pixels. width: W in pixels.
    """

    item_places: Tensor | None
    part_places: Tensor | None

    def __init__(self, model: ImageHierarchy, parts: Parts, channels: int, height: int, width: int) -> None:
        super().__init__(model.dim)
        self.stem = build_stem(model, channels, height, width)
        rows, columns = self.stem.grid
        self.region = (1, columns) if model.region is None else (model.region, model.region)
        self.regions = (rows // self.region[0], columns // self.region[1])
        reads_grid = parts.position.reads == "grid"
        self.register_buffer("item_places", grid(*self.region) if reads_grid else None, persistent=False)
        self.register_buffer("part_places", grid(*self.regions) if reads_grid else None, persistent=False)
        self.hierarchy = Hierarchical(
            _encoder(model, parts, *self.region), _encoder(model, parts, *self.regions), model.dim, model.pool
        )

    def forward(self, pictures: Tensor) -> Tensor:
        tokens = self.cut(self.stem(pictures))
        out: Tensor = self.hierarchy(tokens, item_positions=self.item_places, part_positions=self.part_places)
        return out

    def cut(self, tokens: Tensor) -> Tensor:
        """Tokens (B, T, D), row by row, as (B, P, N, D): P regions of N tokens, both row by row."""
        (down, across), (tall, wide) = self.regions, self.region
        places = tokens.view(len(tokens), down, tall, across, wide, -1).transpose(2, 3)
        return places.reshape(len(tokens), down * across, tall * wide, -1)

    @property
    def grid(self) -> tuple[int, int]:
        return self.stem.grid

    def parts(self, maps: Maps, pooled: Mapping[str, Tensor], prefix: str) -> Tensor:
        (down, across), (tall, wide) = self.regions, self.region
        items = hierarchy(maps, pooled, f"{prefix}hierarchy.")  # regions, places of each
        return items.view(down, across, tall, wide).transpose(1, 2).reshape(self.grid)


def _encoder(model: ImageHierarchy, parts: Parts, rows: int, columns: int) -> Encoder:
    """The encoder of one level, over a grid of that size."""
    position = parts.build_position(max_length=rows * columns, grid=(rows, columns))
    return Encoder(model.dim, model.depth, parts.attention, position, mlp_ratio=model.mlp_ratio, dropout=model.dropout)
