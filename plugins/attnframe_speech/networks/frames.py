"""Recordings to encoded positions: normalisation, stem and encoder, shared by the plugin's tasks."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from attnframe.masks import Padding
from attnframe.plugin.contract import Facts, Parts
from attnframe_speech.networks.stem import FrameStem, within
from attnframe_speech.recipes.encoding import FrameModel


class FrameEncoder(nn.Module):
    """Features (B, T, F), normalised, through the stem and the encoder of a model.

    Args:
        model: its recipe.
        parts: attention and position recipes.
        facts: of `SpeechModule`.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, model: FrameModel, parts: Parts, facts: Facts) -> None:
        super().__init__()
        self.centre = facts["centre"]
        self.register_buffer("mean", torch.tensor(facts["mean"]), persistent=False)
        self.register_buffer("scale", 1 / torch.tensor(facts["std"]), persistent=False)
        self.stem = FrameStem(facts["frontend"]["mels"], model.dim, model.subsampling, model.conv_width)
        self.encoder = model.build_encoder(parts, -(-facts["frames"] // model.subsampling))

    def forward(self, features: Tensor, frames: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Encode recordings.

        Args:
            features: (B, T, F) log mel energies. frames: (B,) frames of each recording.

        Returns:
            Positions (B, T', D), which of them are no padding, (B, T') bool, and how many those are, (B,).
        """
        valid = within(frames, features.shape[1]).unsqueeze(2)
        x = features.to(self.mean.dtype)
        if self.centre:
            x = x - ((x * valid).sum(1) / frames.unsqueeze(1)).unsqueeze(1)
        x, lengths = self.stem((x - self.mean) * self.scale * valid, frames)
        present = within(lengths, x.shape[1])
        return self.encoder(x, mask=Padding(present)), present, lengths


def example_features(facts: Facts, batch_size: int, device: str) -> dict[str, Any]:
    """Features of recordings of one length, as a batch has them."""
    frames, mels = min(facts["frames"], 64), facts["frontend"]["mels"]
    return {
        "features": torch.zeros(batch_size, frames, mels, device=device),
        "frames": torch.full((batch_size,), frames, dtype=torch.int64, device=device),
    }
