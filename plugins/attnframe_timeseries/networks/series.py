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
    """Convolutions over steps, each with a batch norm, the encoder and a pooling, all of which pass over padding
    (ConvTran, Foumani et al. 2024, https://arxiv.org/abs/2305.16642; three convolutions are those of the FCN, Wang,
    Yan and Oates 2017, https://arxiv.org/abs/1611.06455).

    A token is real where the step that it begins at is; padding counts as 0 in the convolutions.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        channels: C of a series. length: steps of the longest.
    """

    def __init__(self, model: SeriesTransformer, parts: Parts, channels: int, length: int) -> None:
        super().__init__()
        self.stride = model.stride
        widths = [channels, *[model.dim] * len(model.kernels)]
        strides = [model.stride, *[1] * (len(model.kernels) - 1)]
        sizes = zip(widths, widths[1:], model.kernels, strides, strict=False)
        self.convolutions = nn.ModuleList(nn.Conv1d(*size) for size in sizes)
        self.norms = nn.ModuleList(SequenceBatchNorm(model.dim) for _ in model.kernels)
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
        real = valid[:, :: self.stride]
        tokens = series
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            beyond = convolution.kernel_size[0] - 1
            steps = F.pad(tokens.transpose(1, 2), (beyond // 2, beyond - beyond // 2))
            tokens = F.gelu(norm(convolution(steps).transpose(1, 2), real)).masked_fill(~real.unsqueeze(-1), 0.0)
        mask = Padding(real)
        out: Tensor = self.pooling(self.encoder(tokens, mask=mask), mask=mask)
        return out
