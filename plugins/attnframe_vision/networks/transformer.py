"""`model=transformer`: tokens, encoder, pooling."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from attnframe.explanation.read_out import read
from attnframe.models import Encoder
from attnframe.plugin.contract import Parts
from attnframe.plugin.subject import Maps
from attnframe.positions import grid
from attnframe_vision.networks.base import PictureNetwork
from attnframe_vision.networks.pooling import build_pooling
from attnframe_vision.networks.stems import build_stem
from attnframe_vision.recipes.transformer import ImageTransformer


class TransformerNetwork(PictureNetwork):
    """Stem, encoder and pooling (ViT, Dosovitskiy et al. 2021, https://arxiv.org/abs/2010.11929; CCT, Hassani et al.
    2021, https://arxiv.org/abs/2104.05704).

    A position scheme that reads a grid gets the row and column of each token; a class token stands at row 0 and column
    0, and the others count from 1 then.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        channels: C of the pictures.
        height: H in pixels. width: W in pixels.
    """

    places: Tensor | None

    def __init__(self, model: ImageTransformer, parts: Parts, channels: int, height: int, width: int) -> None:
        super().__init__(model.dim)
        self.stem = build_stem(model, channels, height, width)
        self.pooling = build_pooling(model.pool, model.dim)
        extra = self.pooling.extra_tokens
        places = grid(*self.stem.grid, extra_tokens=extra)
        self.register_buffer("places", places if parts.position.reads == "grid" else None, persistent=False)
        rows, columns = (size + (extra > 0) for size in self.stem.grid)
        position = parts.build_position(max_length=self.stem.tokens + extra, grid=(rows, columns))
        self.encoder = Encoder(
            model.dim, model.depth, parts.attention, position, mlp_ratio=model.mlp_ratio, dropout=model.dropout
        )

    def forward(self, pictures: Tensor) -> Tensor:
        tokens = self.pooling.prepare(self.stem(pictures))
        out: Tensor = self.pooling(self.encoder(tokens, positions=self.places))
        return out

    @property
    def grid(self) -> tuple[int, int]:
        return self.stem.grid

    def parts(self, maps: Maps, pooled: Mapping[str, Tensor], prefix: str) -> Tensor:
        tokens = read(maps.through(f"{prefix}encoder."), pooled[f"{prefix}pooling"])[0]
        return tokens[self.pooling.extra_tokens :].view(self.grid)
