"""`model=patches`: patches of single channels."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.attention.dropout import dropout
from attnframe.explanation.read_out import read
from attnframe.models import Encoder
from attnframe.plugin.contract import Parts
from attnframe.plugin.subject import Maps
from attnframe_timeseries.networks.base import ForecastNetwork, Shape
from attnframe_timeseries.recipes.patches import PatchesRecipe


class PatchNetwork(ForecastNetwork):
    """The encoder over the patches of a channel, and a linear head over all of them (PatchTST, Nie et al. 2023,
    https://arxiv.org/abs/2211.14730). All channels share the weights and none sees another.

    N = (L - patch_size) / stride + 1 patches, rounded down, and one more with `pad_end`, which repeats the last value
    `stride` times.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        shape: C, L and H.
    """

    def __init__(self, model: PatchesRecipe, parts: Parts, shape: Shape) -> None:
        super().__init__()
        self.patch_size, self.stride, self.pad_end = model.patch_size, model.stride, model.pad_end
        whole, unread = divmod(shape.lookback - model.patch_size, model.stride)
        self.first = 0 if model.pad_end else unread
        patches = whole + (2 if model.pad_end else 1)
        self.embedding = nn.Linear(model.patch_size, model.dim)
        self.encoder = Encoder(
            model.dim,
            model.depth,
            parts.attention,
            parts.build_position(max_length=patches),
            mlp_ratio=model.mlp_ratio,
            dropout=model.dropout,
        )
        self.head_dropout = model.head_dropout
        self.head = nn.Linear(patches * model.dim, shape.horizon)

    def forward(self, past: Tensor) -> Tensor:
        read = F.pad(past, (0, self.stride), mode="replicate") if self.pad_end else past[..., self.first :]
        patches = read.unfold(-1, self.patch_size, self.stride)  # (B, C, N, patch_size)
        tokens = self.encoder(self.embedding(patches.flatten(0, 1)))
        flat = tokens.reshape(*past.shape[:2], -1)  # (B, C, N * D)
        if self.head_dropout:
            flat = dropout(flat, self.head_dropout, self.training)
        out: Tensor = self.head(flat)
        return out

    def cells(self, channels: int, lookback: int) -> tuple[int, int]:
        return channels, -(-lookback // self.stride)

    def parts(self, maps: Maps, prefix: str, lookback: int) -> Tensor:
        patches = read(maps.through(f"{prefix}encoder."))  # (C, N)
        # A patch tells of the lags that it holds; those that repeat the last one count there.
        start = torch.arange(patches.shape[1], device=patches.device).unsqueeze(1) * self.stride + self.first
        lags = start + torch.arange(self.patch_size, device=patches.device)
        of_lag = patches.new_zeros(len(patches), lookback)
        share = (patches / self.patch_size).repeat_interleave(self.patch_size, 1)
        of_lag.index_add_(1, lags.clamp(max=lookback - 1).flatten(), share)
        stretches = self.cells(len(patches), lookback)[1]
        at = torch.arange(lookback, device=patches.device) * stretches // lookback
        return patches.new_zeros(len(patches), stretches).index_add_(1, at, of_lag)
