"""Training batches of frames changed at random: tempo, frequencies, lead and tail, colour, noise, masks."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from attnframe_speech.frontends.base import Frontend
from attnframe_speech.recipes.speech import SpeechData

QUIETEST, LOUDEST = 10.0, 2.0
"""How far below a recording's loudest band the noise may lie, in units of the natural logarithm of energy."""
KNOTS = 5
"""Points that a random equaliser is drawn at."""
ROUGHNESS = 0.7
"""Deviation of the log energy of noise in one band and frame."""


class Augmentation:
    """Random changes of the features (B, T, F) of a batch, and of the lengths ``frames`` (B,).

    Tempo and frequencies are changed by reading the spectrogram at other places, which is what resampling does to it,
    but each apart from the other. Everything is drawn from torch's global generator.

    Args:
        recipe: how much of each.
        frontend: what made the frames.
        longest: most frames that a changed recording may have.
    """

    def __init__(self, recipe: SpeechData, frontend: Frontend, longest: int) -> None:
        self.recipe, self.frontend, self.longest = recipe, frontend, longest

    def __call__(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        recipe, features, frames = self.recipe, batch["features"], batch["frames"]
        if recipe.stretch or recipe.warp or recipe.shift:
            features, frames = self._resampled(features, frames)
        if recipe.colour:  # before noise: centring takes off what colours everything
            knots = recipe.colour * torch.randn(len(features), 1, KNOTS)
            features = features + F.interpolate(knots, features.shape[2], mode="linear", align_corners=True)
        valid = (torch.arange(features.shape[1]) < frames.unsqueeze(1)).unsqueeze(2)
        if recipe.noise:
            features = self._noisy(features, valid)
        if recipe.masks:
            features = self._masked(features, frames, valid)
        return {**batch, "features": features * valid, "frames": frames}

    def _resampled(self, features: Tensor, frames: Tensor) -> tuple[Tensor, Tensor]:
        count, steps, channels = features.shape
        tempo = 1 + self.recipe.stretch * _both_ways(count)
        lead, tail = (torch.round(self.recipe.shift * frames * _both_ways(count)) for _ in range(2))
        changed = (torch.round(frames / tempo) + lead + tail).clamp(1, self.longest).long()
        time = (torch.arange(int(changed.max())) - lead.unsqueeze(1)) * tempo.unsqueeze(1)
        time = time.clamp(min=0).minimum(frames.unsqueeze(1) - 1.0)
        time = 2 * time / max(steps - 1, 1) - 1
        band = 2 * self._bands(1 + self.recipe.warp * _both_ways(count)) / max(channels - 1, 1) - 1
        shape = (count, time.shape[1], channels)
        places = torch.stack([band.unsqueeze(1).expand(shape), time.unsqueeze(2).expand(shape)], 3)
        read = F.grid_sample(features.unsqueeze(1), places, padding_mode="border", align_corners=True)
        return read.squeeze(1), changed

    def _bands(self, factor: Tensor) -> Tensor:
        """Which channel (B, F), in fractions, is read when all frequencies are multiplied by factors (B,)."""
        low, high = _mel(torch.tensor(self.frontend.low)), _mel(torch.tensor(self.frontend.high))
        width = (high - low) / (self.frontend.mels + 1)
        hertz = _hertz(low + width * torch.arange(1, self.frontend.mels + 1))
        return ((_mel(hertz / factor.unsqueeze(1)) - low) / width - 1).clamp(0, self.frontend.mels - 1)

    def _noisy(self, features: Tensor, valid: Tensor) -> Tensor:
        count, _, channels = features.shape
        below = LOUDEST + (QUIETEST - LOUDEST) * torch.rand(count)
        slope = torch.linspace(-2, 2, channels) * _both_ways(count).unsqueeze(1)
        level = (features.masked_fill(~valid, -torch.inf).amax((1, 2)) - below).view(-1, 1, 1) + slope.unsqueeze(1)
        noisy = torch.logaddexp(features, level + ROUGHNESS * torch.randn_like(features))
        return torch.where((torch.rand(count) < self.recipe.noise).view(-1, 1, 1), noisy, features)

    def _masked(self, features: Tensor, frames: Tensor, valid: Tensor) -> Tensor:
        count, steps, channels = features.shape
        mean = (features * valid).sum(1, keepdim=True) / frames.view(-1, 1, 1)
        hidden = torch.zeros(count, steps, channels, dtype=torch.bool)
        for _ in range(self.recipe.masks):
            hidden |= _spans(self.recipe.time_mask, frames.float(), steps).unsqueeze(2)
            hidden |= _spans(self.recipe.frequency_mask, torch.full((count,), float(channels)), channels).unsqueeze(1)
        return torch.where(hidden, mean, features)


def _both_ways(count: int) -> Tensor:
    """(count,) drawn evenly from -1 to 1."""
    return 2 * torch.rand(count) - 1


def _spans(share: float, sizes: Tensor, steps: int) -> Tensor:
    """(B, steps) bool, True in one random span of each row, of at most `share` of its size (B,)."""
    width = torch.floor(torch.rand(len(sizes)) * (share * sizes + 1))
    first = torch.floor(torch.rand(len(sizes)) * (sizes - width + 1))
    places = torch.arange(steps)
    return (places >= first.unsqueeze(1)) & (places < (first + width).unsqueeze(1))


def _mel(hertz: Tensor) -> Tensor:
    return 2595 * torch.log10(1 + hertz / 700)


def _hertz(mel: Tensor) -> Tensor:
    return 700 * (10 ** (mel / 2595) - 1)
