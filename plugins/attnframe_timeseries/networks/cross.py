"""`model=cross`: an encoder of rows and a decoder that attends it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from attnframe.models import Decoder, Encoder, EncoderDecoder
from attnframe.plugin.contract import Parts
from attnframe.plugin.subject import Maps
from attnframe_timeseries.networks.base import ForecastNetwork, Shape
from attnframe_timeseries.recipes.cross import CrossRecipe


class CrossNetwork(ForecastNetwork):
    """Encoder and decoder over rows; what the decoder reads is the end of the lookback and then zeros for the horizon,
    which it writes in one pass (the generative decoder of Informer, Zhou et al. 2021,
    https://arxiv.org/abs/2012.07436).

    Unlike Informer it has no marks of calendar time, no sparse queries of its own and no distilling between blocks:
    which keys are seen is the attention variant's affair.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        shape: C, L and H.
    """

    def __init__(self, model: CrossRecipe, parts: Parts, shape: Shape) -> None:
        super().__init__()
        self.horizon, self.start = shape.horizon, round(model.start * shape.lookback)
        self.depth = model.depth
        self.embedding = nn.Linear(shape.channels, model.dim)
        self.target_embedding = nn.Linear(shape.channels, model.dim)
        encoder = Encoder(
            model.dim,
            model.depth,
            parts.attention,
            parts.build_position(max_length=shape.lookback),
            mlp_ratio=model.mlp_ratio,
            dropout=model.dropout,
        )
        decoder = Decoder(
            model.dim,
            model.depth,
            parts.attention,
            parts.build_position(max_length=self.start + shape.horizon, causal=True),
            context_dim=model.dim,
            mlp_ratio=model.mlp_ratio,
            dropout=model.dropout,
        )
        self.model = EncoderDecoder(encoder, decoder)
        self.head = nn.Linear(model.dim, shape.channels)

    def forward(self, past: Tensor) -> Tensor:
        rows = past.transpose(1, 2)  # (B, L, C)
        known = rows[:, rows.shape[1] - self.start :]
        unknown = rows.new_zeros(rows.shape[0], self.horizon, rows.shape[2])
        target = self.target_embedding(torch.cat([known, unknown], 1))
        decoded = self.model(self.embedding(rows), target)
        out: Tensor = self.head(decoded[:, self.start :])  # (B, H, C)
        return out.transpose(1, 2)

    def cells(self, channels: int, lookback: int) -> tuple[int, int]:
        return 1, lookback

    def parts(self, maps: Maps, prefix: str, lookback: int) -> Tensor:
        # What the rows of the horizon look at, through what the rows of the lookback are made of.
        encoded = maps.through(f"{prefix}model.encoder.")
        layers = [f"{prefix}model.decoder.blocks.{number}.cross_attention" for number in range(self.depth)]
        return maps.across(*layers)[:, self.start :].mean(1) @ encoded[0]  # (1, L)
