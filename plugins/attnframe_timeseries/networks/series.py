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


class StepConvolution(nn.Module):
    """A convolution over steps, a batch norm and a GELU, all of which pass over padding, which counts as 0.

    A token is real where the step that it begins at is.

    Args:
        channels: width of the steps. dim: width D of the tokens.
        kernel: steps that a token is made of. stride: steps from one token to the next.
    """

    def __init__(self, channels: int, dim: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self.kernel, self.stride = kernel, stride
        self.convolution = nn.Conv1d(channels, dim, kernel, stride)
        self.norm = SequenceBatchNorm(dim)

    def forward(self, steps: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        """Tokens (B, N, D) and which of them are real.

        Args:
            steps: (B, T, C), 0 where padded. valid: (B, T) bool, True = real step.
        """
        before = (self.kernel - 1) // 2
        around = F.pad(steps.transpose(1, 2), (before, self.kernel - 1 - before))
        real = valid[:, :: self.stride]
        tokens = F.gelu(self.norm(self.convolution(around).transpose(1, 2), real))
        return tokens.masked_fill(~real.unsqueeze(-1), 0.0), real


class SeriesNetwork(nn.Module):
    """Convolutions over steps, the encoder and a pooling (ConvTran, Foumani et al. 2024,
    https://arxiv.org/abs/2305.16642).

    Args:
        model: its recipe.
        parts: attention and position recipes.
        channels: C of a series. length: steps of the longest.
    """

    def __init__(self, model: SeriesTransformer, parts: Parts, channels: int, length: int) -> None:
        super().__init__()
        self.stride = model.stride
        first, *further = model.kernels
        self.convolutions = nn.ModuleList(
            [
                StepConvolution(channels, model.dim, first, model.stride),
                *(StepConvolution(model.dim, model.dim, kernel) for kernel in further),
            ]
        )
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
        tokens, real = series, valid
        for convolution in self.convolutions:
            tokens, real = convolution(tokens, real)
        mask = Padding(real)
        out: Tensor = self.pooling(self.encoder(tokens, mask=mask), mask=mask)
        return out
