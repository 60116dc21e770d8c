"""`model=transformer`: a series to one vector."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.blocks import SequenceBatchNorm
from attnframe.bridges import AttentionPooling, MeanPooling
from attnframe.masks import Padding
from attnframe.models import Encoder
from attnframe.plugin.contract import Parts
from attnframe_timeseries.recipes.series_model import SeriesTransformer


class SeriesNetwork(nn.Module):
    """A convolution over steps with a batch norm, the encoder and a pooling, all of which pass over padding (ConvTran,
    Foumani et al. 2024, https://arxiv.org/abs/2305.16642).

    A token is real where the step that it begins at is; padding counts as 0 in the convolution.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        channels: C of a series. length: steps of the longest.
    """

    def __init__(self, model: SeriesTransformer, parts: Parts, channels: int, length: int) -> None:
        super().__init__()
        self.kernel, self.stride = model.kernel, model.stride
        self.embedding = nn.Conv1d(channels, model.dim, model.kernel, model.stride)
        self.embedding_norm = SequenceBatchNorm(model.dim)
        self.encoder = Encoder(
            model.dim,
            model.depth,
            parts.attention,
            parts.build_position(max_length=-(-length // model.stride)),
            mlp_ratio=model.mlp_ratio,
            dropout=model.dropout,
        )
        self.pooling = MeanPooling() if model.pool == "mean" else AttentionPooling(model.dim)

    def forward(self, series: Tensor, valid: Tensor) -> Tensor:
        """One vector (B, D) of each series.

        Args:
            series: (B, T, C), normalised, 0 where padded.
            valid: (B, T) bool, True = real step.
        """
        before = (self.kernel - 1) // 2
        steps = F.pad(series.transpose(1, 2), (before, self.kernel - 1 - before))
        real = valid[:, :: self.stride]
        tokens = F.gelu(self.embedding_norm(self.embedding(steps).transpose(1, 2), real))
        mask = Padding(real)
        out: Tensor = self.pooling(self.encoder(tokens, mask=mask), mask=mask)
        return out
