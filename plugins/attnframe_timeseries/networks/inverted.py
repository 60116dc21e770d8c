"""`model=inverted`: channels as tokens."""

from __future__ import annotations

from torch import Tensor, nn

from attnframe.explanation.read_out import read
from attnframe.models import Encoder
from attnframe.plugin.contract import Parts
from attnframe.plugin.subject import Maps
from attnframe_timeseries.networks.base import ForecastNetwork, Shape
from attnframe_timeseries.recipes.inverted import InvertedRecipe


class InvertedNetwork(ForecastNetwork):
    """The encoder over the channels, each a token that is a linear map of its lookback (iTransformer, Liu et al. 2024,
    https://arxiv.org/abs/2310.06625).

    Channels have no order, so a position tells only which channel is which.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        shape: C, L and H.
    """

    def __init__(self, model: InvertedRecipe, parts: Parts, shape: Shape) -> None:
        super().__init__()
        self.embedding = nn.Linear(shape.lookback, model.dim)
        self.encoder = Encoder(
            model.dim,
            model.depth,
            parts.attention,
            parts.build_position(max_length=shape.channels),
            mlp_ratio=model.mlp_ratio,
            dropout=model.dropout,
        )
        self.head = nn.Linear(model.dim, shape.horizon)

    def forward(self, past: Tensor) -> Tensor:
        out: Tensor = self.head(self.encoder(self.embedding(past)))
        return out

    def cells(self, channels: int, lookback: int) -> tuple[int, int]:
        return channels, 1

    def parts(self, maps: Maps, prefix: str, lookback: int) -> Tensor:
        return read(maps.through(f"{prefix}encoder.")).T  # (C, 1)
