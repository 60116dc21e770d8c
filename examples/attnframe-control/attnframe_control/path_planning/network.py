"""The network from a map to a move from each of its cells."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from attnframe.errors import ConfigurationError, Fault
from attnframe.models import Encoder
from attnframe.plugin.contract import Parts
from attnframe.positions import grid
from attnframe_control.path_planning.following import legal
from attnframe_control.path_planning.maps import MOVES
from attnframe_control.path_planning.recipes import PlanTransformer

ILLEGAL = -30.0
"""The logit of a move against a wall."""
PLANES = 3
"""What is known of a cell: whether it is free, the goal, and beside the goal."""


class Residual(nn.Module):
    """A 3 x 3 convolution beside a skip.

    Args:
        channels: in and out.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(1, channels)
        self.convolution = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + F.gelu(self.convolution(self.norm(x)))


class PlanNetwork(nn.Module):
    """Convolutions over cells, blocks of attention over patches of them, and convolutions over cells again, beside a
    skip (TransPath, Kirilenko et al. 2023, https://arxiv.org/abs/2212.11730). Maps are filled up with walls to whole
    patches; moves against walls are out of the question.

    Args:
        parts: attention, position and model recipes. size: rows H and columns W of a map.

    Raises:
        ConfigurationError: when the model is another.
    """

    places: Tensor | None

    def __init__(self, parts: Parts, size: tuple[int, int]) -> None:
        super().__init__()
        model = parts.model
        if not isinstance(model, PlanTransformer):
            raise ConfigurationError(Fault("model", "must be a PlanTransformer", type(model).__name__))
        patch, channels = model.patch_size, model.channels
        self.size, self.patch = size, patch
        self.grid = (-(-size[0] // patch), -(-size[1] // patch))
        self.stem = nn.Sequential(nn.Conv2d(PLANES, channels, 3, padding=1), nn.GELU(), Residual(channels))
        self.down = nn.Conv2d(channels, model.dim, patch, patch)
        places = grid(*self.grid)
        self.register_buffer("places", places if parts.position.reads == "grid" else None, persistent=False)
        position = parts.build_position(max_length=len(places[0]), grid=self.grid)
        self.encoder = Encoder(
            model.dim, model.depth, parts.attention, position, mlp_ratio=model.mlp_ratio, dropout=model.dropout
        )
        self.up = nn.ConvTranspose2d(model.dim, channels, patch, patch)
        self.skip = nn.Conv2d(channels, channels, 1)
        self.head = nn.Sequential(Residual(channels), nn.Conv2d(channels, len(MOVES), 1))

    def forward(self, free: Tensor, goal: Tensor) -> Tensor:
        """Logits (B, 8, H, W) of the moves from each cell.

        Args:
            free, goal: (B, H, W) bool.
        """
        rows, columns = self.size
        here = goal.to(self.skip.weight.dtype)
        planes = torch.stack([free.to(here.dtype), here, F.max_pool2d(here, 3, 1, 1)], 1)
        filled = F.pad(planes, (0, self.grid[1] * self.patch - columns, 0, self.grid[0] * self.patch - rows))
        cells = self.stem(filled)
        tokens = self.encoder(self.down(cells).flatten(2).transpose(1, 2), positions=self.places)
        told = self.up(tokens.transpose(1, 2).unflatten(2, self.grid)) + self.skip(cells)
        logits: Tensor = self.head(told)[..., :rows, :columns]
        return logits.masked_fill(~legal(free), ILLEGAL)
